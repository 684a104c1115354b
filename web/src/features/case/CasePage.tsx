import { PrinterOutlined } from "@ant-design/icons";
import { Button, Tabs } from "antd";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import type { ActionOffer, CaseDetail } from "../../api/types";
import { useMe } from "../../app/session";
import { Loaded } from "../../components/Loaded";
import { Sentence } from "../../components/Sentence";
import { CardTag, StateTag } from "../../components/Tags";
import { useFilters } from "../../components/useFilters";
import { oneOf } from "../../lib/filters";
import { ActDrawer } from "../act/ActDrawer";
import { answersOf } from "../act/offers";
import { ActionPanel } from "./ActionPanel";
import { useCase } from "./api";
import { DeadlineTab } from "./DeadlineTab";
import { InsideTab } from "./InsideTab";
import { MaterialTab } from "./MaterialTab";
import { NoticeTab } from "./NoticeTab";
import { OpinionTab } from "./OpinionTab";
import { Receipt } from "./Receipt";
import { StageBar } from "./StageBar";
import { Timeline } from "./Timeline";
import { VerifyBadge } from "./VerifyBadge";
import { Waiting } from "./Waiting";
import "./case.css";

const tabs = ["events", "deadlines", "materials", "notices", "opinions", "inside"] as const;

export function Component() {
  const { number = "" } = useParams();
  const query = useCase(number);
  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(detail) => <CaseView detail={detail} key={number} />}
      </Loaded>
    </div>
  );
}

/** Where is it, who has it, what did everyone say? */
function CaseView({ detail }: { detail: CaseDetail }) {
  const { case: c } = detail;
  const [search, set] = useFilters();
  const [acting, setActing] = useState<ActionOffer[]>();
  const tab = oneOf(search.get("tab"), tabs) ?? "events";
  const wanted = search.get("act");
  const watches = useMe().menu.includes("ops");

  // A link from the desk opens the drawer of its task at once.
  useEffect(() => {
    if (wanted) {
      const offers = answersOf(detail.actions, wanted);
      if (offers.some((o) => o.allowed)) {
        setActing(offers);
      }
      set({ act: undefined });
    }
  }, [wanted, detail.actions, set]);

  return (
    <>
      <div className="page-head">
        <div className="grow">
          <p className="muted num">
            <Link to="/cases">办件</Link> / {c.number}
          </p>
          <h1>{c.title}</h1>
          <p className="row case-meta">
            <StateTag state={c.state} />
            <CardTag card={c.card} />
            <span className="muted">
              {c.kind_name} · {c.unit_name} {c.initiator_name}
            </span>
            <VerifyBadge number={c.number} head={detail.head} />
          </p>
        </div>
        {c.kind === "consent" && (
          <Link to={`/polls/${encodeURIComponent(c.number)}`}>
            <Button type="primary">表决板</Button>
          </Link>
        )}
        <Link to={`/cases/${encodeURIComponent(c.number)}/print`}>
          <Button icon={<PrinterOutlined aria-hidden />}>打印审批表</Button>
        </Link>
      </div>

      <Sentence of={detail.sentence} large />
      <StageBar detail={detail} />

      <div className="case-columns">
        <div className="stack">
          <Receipt number={c.number} />
          <Waiting detail={detail} />
          <div className="panel case-tabs">
            <Tabs
              activeKey={tab}
              onChange={(key) => set({ tab: key === "events" ? undefined : key })}
              items={[
                { key: "events", label: "经过", children: <Timeline number={c.number} /> },
                {
                  key: "deadlines",
                  label: `期限 ${detail.deadlines.length || ""}`,
                  children: <DeadlineTab detail={detail} />,
                },
                {
                  key: "materials",
                  label: `材料 ${detail.filing.attachments.length || ""}`,
                  children: <MaterialTab detail={detail} />,
                },
                {
                  key: "notices",
                  label: `公告 ${detail.notices.length || ""}`,
                  children: <NoticeTab detail={detail} />,
                },
                { key: "opinions", label: "意见", children: <OpinionTab detail={detail} /> },
                ...(watches ? [{ key: "inside", label: "运行", children: <InsideTab detail={detail} /> }] : []),
              ].map((item) => ({ ...item, destroyOnHidden: true }))}
            />
          </div>
        </div>
        <ActionPanel detail={detail} onAct={setActing} />
      </div>
      <ActDrawer detail={detail} offers={acting} onClose={() => setActing(undefined)} />
    </>
  );
}
