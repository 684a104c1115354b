import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Draft, Procedure } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { useProcedure, useProcedures } from "./api";
import { FormEditor } from "./FormEditor";
import "./form.css";
import "./launch.css";

/** The application form of a procedure, fresh or from a draft. */
export function Component() {
  const { kind = "" } = useParams();
  const [search] = useSearchParams();
  // Only the draft the page was opened with: the one it creates itself must not load the page anew.
  const query = useProcedure(kind);
  const cards = useProcedures();
  const card = cards.data?.find((c) => c.kind === kind);
  if (card && !card.may_start) {
    return (
      <div className="page">
        <div className="panel">
          <EmptyState
            title={`您不能发起「${card.name}」`}
            hint={card.why_not}
            action={<Link to="/launch">回到发起</Link>}
          />
        </div>
      </div>
    );
  }
  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(procedure) => (
          <Opened
            key={kind}
            procedure={procedure}
            draft={search.get("draft") ?? undefined}
            title={search.get("title") ?? undefined}
          />
        )}
      </Loaded>
    </div>
  );
}

function Opened({ procedure, draft, title }: { procedure: Procedure; draft?: string; title?: string }) {
  const query = useQuery({
    // The address changes when the first save creates the draft; that must not reload the form.
    queryKey: [...keys.draft("opened"), procedure.kind],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () =>
      draft ? data<Draft>(api.GET("/api/v1/drafts/{id}", { params: { path: { id: draft } } })) : Promise.resolve(null),
  });
  return (
    <Loaded query={query} rows={10}>
      {(found) => <FormEditor procedure={procedure} draft={found ?? undefined} title={title} />}
    </Loaded>
  );
}
