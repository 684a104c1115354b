import { CheckCircleOutlined, ClockCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useId, useState } from "react";
import { Link } from "react-router";
import type { IncidentDetail, Remedy, RemedyResult } from "../../api/types";
import { RemedyForm } from "./RemedyForm";
import { outcomeTone, settled, whyNot } from "./remedies";

/** The ways of mending it, the first one first; what came of the last one stays on the screen. */
export function Remedies({ detail }: { detail: IncidentDetail }) {
  const { incident, remedies } = detail;
  const [open, setOpen] = useState<string>();
  const [result, setResult] = useState<RemedyResult>();
  const chosen = remedies.find((r) => r.remedy === open && !whyNot(r));
  if (remedies.length === 0 && !result) {
    return null;
  }
  return (
    <section className="stack" aria-labelledby="incident-remedies">
      <h2 id="incident-remedies">处置</h2>
      {result && <Outcome of={settled(result, incident)} />}
      <div className="row">
        {remedies.map((r, i) => (
          <RemedyButton
            key={r.remedy}
            of={r}
            first={i === 0}
            open={chosen === r}
            onClick={() => setOpen(open === r.remedy ? undefined : r.remedy)}
          />
        ))}
      </div>
      {chosen && (
        <RemedyForm
          key={chosen.remedy}
          remedy={chosen}
          incident={incident}
          cases={detail.cases.items}
          onCancel={() => setOpen(undefined)}
          onDone={(r) => {
            setResult(r);
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

/** A remedy that cannot be used stays visible, can be reached by keyboard and says why. */
function RemedyButton({ of, first, open, onClick }: { of: Remedy; first: boolean; open: boolean; onClick: () => void }) {
  const id = useId();
  const why = whyNot(of);
  const off = why !== undefined;
  return (
    <>
      <Tooltip title={why ?? of.next}>
        <Button
          type={first && !off && !of.second ? "primary" : "default"}
          danger={of.second && !off}
          aria-disabled={off}
          aria-expanded={off ? undefined : open}
          aria-describedby={off ? id : undefined}
          className={off ? "button-off" : undefined}
          onClick={off ? undefined : onClick}
        >
          {of.label}
        </Button>
      </Tooltip>
      {off && (
        <span id={id} className="visually-hidden">
          不能使用：{why}
        </span>
      )}
    </>
  );
}

const outcomeIcons = {
  good: <CheckCircleOutlined aria-hidden />,
  waiting: <ClockCircleOutlined aria-hidden />,
  left: <WarningOutlined aria-hidden />,
};

/** What came of a remedy: whether it is mended, and each case with what happened to it. */
export function Outcome({ of }: { of: RemedyResult }) {
  const tone = outcomeTone(of);
  return (
    <div className={`ops-outcome ops-outcome-${tone}`} role="status">
      <p className="ops-outcome-head">
        {outcomeIcons[tone]} {of.text}
      </p>
      {of.results.length > 0 && (
        <ul>
          {of.results.map((r) => (
            <li key={r.case}>
              <span className={`tag ${r.done ? "tag-accent" : "tag-yellow"}`}>{r.done ? "已办" : "未办成"}</span>{" "}
              <Link to={`/cases/${encodeURIComponent(r.case)}`} className="num">
                {r.case}
              </Link>{" "}
              {r.text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
