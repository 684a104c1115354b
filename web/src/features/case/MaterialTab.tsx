import type { CaseDetail } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { FileList } from "../../components/Uploads";
import { useUnitName } from "../../components/useUnitName";
import { linesOf, sectionsOf } from "../../lib/form";

/** What was filed, section by section, and the files. */
export function MaterialTab({ detail }: { detail: CaseDetail }) {
  const { filing } = detail;
  const unitName = useUnitName();
  return (
    <div className="tab-pad stack">
      {sectionsOf(filing.schema, filing.ui).map((s) => {
        const lines = linesOf(s.fields, filing.schema, filing.ui, filing.form, unitName).filter((l) => l.text);
        return lines.length > 0 ? (
          <section key={s.title} className="form-read">
            <h3>{s.title}</h3>
            <dl className="pairs">
              {lines.map((l) => (
                <div key={l.field} className="form-line">
                  <dt>{l.title}</dt>
                  <dd className="pre">{l.text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ) : null;
      })}
      <section className="form-read">
        <h3>附件</h3>
        {filing.attachments.length > 0 ? (
          <FileList files={filing.attachments} />
        ) : (
          <EmptyState title="申请时没有上传附件" hint="办理中上传的附件在「经过」和「意见」里。" />
        )}
      </section>
      <p className="muted">
        申请表摘要 <span className="num hash">{filing.form_hash}</span>
      </p>
    </div>
  );
}
