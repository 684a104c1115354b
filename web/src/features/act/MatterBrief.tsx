import { useMemo } from "react";
import type { CaseDetail } from "../../api/types";
import { useUnitName } from "../../components/useUnitName";
import { briefFields, type FieldSchema, linesOf } from "../../lib/form";

/** The matter in five lines. */
export function MatterBrief({ detail }: { detail: CaseDetail }) {
  const { filing, case: c } = detail;
  const unitName = useUnitName();
  const lines = useMemo(() => {
    const schema = filing.schema as FieldSchema;
    const fields = briefFields(schema, filing.ui);
    return linesOf(fields, schema, filing.ui, filing.form, unitName);
  }, [filing, unitName]);
  return (
    <section className="brief" aria-label="事项概要">
      <p>
        <strong>{c.title}</strong>
        <span className="muted"> {c.unit_name}</span>
      </p>
      <dl className="pairs">
        {lines.map((line) => (
          <div className="brief-line" key={line.field}>
            <dt>{line.title}</dt>
            <dd className={line.long ? "clamp" : undefined}>{line.text || "未填"}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
