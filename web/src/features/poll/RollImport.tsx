import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input } from "antd";
import { useRef, useState } from "react";
import { Field } from "../../components/Field";
import { once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Board, RollReport } from "../../api/types";
import { grouped, squareMetres } from "../../lib/votes";
import { checkRoll, importRoll, templateUrl, usePollWrite } from "./api";

/** Reads a file, shows what it would become, and stores it only when somebody has looked and agreed. */
export function RollImport({ board: { poll }, first }: { board: Board; first: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const check = useMutation({ mutationFn: (f: File) => checkRoll(poll.number, f) });
  const counting = poll.options.counting;
  const forget = () => {
    setFile(undefined);
    check.reset();
  };
  return (
    <section className="panel panel-pad stack" aria-labelledby="import-title">
      <h2 id="import-title">{first ? "导入清册" : "更正清册（导入新的一版）"}</h2>
      <p className="muted">先核对，后导入：选择文件后只显示核对报告，您确认之前什么都不会保存。</p>
      <div className="row">
        <input
          ref={input}
          type="file"
          hidden
          accept=".xlsx,.csv"
          aria-label="清册文件"
          onChange={(e) => {
            const chosen = e.target.files?.[0];
            if (chosen) {
              setFile(chosen);
              check.mutate(chosen);
            }
            e.target.value = "";
          }}
        />
        <Button
          type="primary"
          icon={<UploadOutlined aria-hidden />}
          loading={check.isPending}
          onClick={() => input.current?.click()}
        >
          选择文件核对
        </Button>
        <a href={templateUrl(counting, "xlsx")}>
          <DownloadOutlined aria-hidden /> Excel 模板
        </a>
        <a href={templateUrl(counting, "csv")}>
          <DownloadOutlined aria-hidden /> CSV 模板
        </a>
      </div>
      <div aria-live="polite" className="stack">
        {check.error && <Alert type="warning" showIcon title={sentenceOf(check.error)} />}
        {file && check.data && (
          <Report
            key={file.name + file.lastModified}
            board={poll}
            file={file}
            report={check.data}
            first={first}
            onDone={forget}
          />
        )}
      </div>
    </section>
  );
}

interface Props {
  board: Board["poll"];
  file: File;
  report: RollReport;
  first: boolean;
  onDone: () => void;
}

function Report({ board: poll, file, report, first, onDone }: Props) {
  const { message } = App.useApp();
  const [skipBad, setSkipBad] = useState(false);
  const [why, setWhy] = useState("");
  const header = useRef(once());
  const bad = report.bad_rows > 0;
  const store = usePollWrite(poll.number, () =>
    importRoll(poll.number, { file, skipBad, why: why.trim() }, header.current),
  );
  const blocked = report.good === 0 || (bad && !skipBad) || (!first && !why.trim());
  return (
    <>
      <h3>核对报告：{file.name}</h3>
      <p>
        共 {grouped(report.rows)} 行，可用 <strong>{grouped(report.good)}</strong> 行，合计{" "}
        <strong>{grouped(report.voters)}</strong> 票
        {poll.options.counting === "owner" ? `，${squareMetres(report.total.area)} 平方米` : ""}
        {report.excluded.length > 0
          ? `；不计：${report.excluded.slice(0, 8).join("、")}${report.excluded.length > 8 ? "等" : ""}`
          : ""}
        。
      </p>
      {report.unused && report.unused.length > 0 && (
        <p className="muted">没有用到的栏目：{report.unused.join("、")}。</p>
      )}
      {report.good > 0 && <p className="hash num">指纹 {report.fingerprint}</p>}
      {bad && (
        <>
          <Alert
            type="warning"
            showIcon
            title={`有 ${report.bad_rows} 行不能使用${report.bad.length < report.bad_rows ? `，列出前 ${report.bad.length} 处` : ""}`}
          />
          <div className="table-scroll">
            <table className="plain-table wide-table">
              <caption className="visually-hidden">不能使用的行</caption>
              <thead>
                <tr>
                  <th scope="col">行</th>
                  <th scope="col">栏目</th>
                  <th scope="col">填的是</th>
                  <th scope="col">原因</th>
                </tr>
              </thead>
              <tbody>
                {report.bad.map((b) => (
                  <tr key={`${b.row}:${b.column}:${b.why}`}>
                    <th scope="row" className="num">
                      {b.row}
                    </th>
                    <td>{b.column}</td>
                    <td className="bad-value">{b.value || "（空）"}</td>
                    <td>{b.why}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {report.good > 0 && (
            <Checkbox checked={skipBad} onChange={(e) => setSkipBad(e.target.checked)}>
              略过这 {report.bad_rows} 行，只导入其余 {report.good} 行（略过的人不能表决，建议改好后重新选择文件）
            </Checkbox>
          )}
        </>
      )}
      {!first && (
        <Field label="更正了什么">
          {(id) => (
            <Input
              id={id}
              value={why}
              maxLength={200}
              onChange={(e) => setWhy(e.target.value)}
              placeholder="例如：3-1-302 由监护人表决"
            />
          )}
        </Field>
      )}
      {store.error && <Alert type="warning" showIcon title={sentenceOf(store.error)} />}
      <div className="row">
        <Button
          type="primary"
          disabled={blocked}
          loading={store.isPending}
          onClick={() =>
            store.mutate(undefined, {
              onSuccess: (v) => {
                message.success(`已导入为清册第 ${v.version} 版`);
                onDone();
              },
            })
          }
        >
          确认导入 {report.good} 行
        </Button>
        <Button onClick={onDone}>不导入</Button>
        {blocked && (
          <span className="muted">
            {report.good === 0
              ? "没有可用的行。"
              : bad && !skipBad
                ? "请改好文件后重新选择，或者勾选略过。"
                : "请写明更正了什么。"}
          </span>
        )}
      </div>
    </>
  );
}
