import { Alert, App, Button, Input } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { Attachment, Board } from "../../api/types";
import { useMe } from "../../app/session";
import { Field } from "../../components/Field";
import { attachmentUrl } from "../../api/upload";
import { Uploads } from "../../components/Uploads";
import { choiceWords, grouped, headUnit, parseArea, squareMetres } from "../../lib/votes";
import { certify, usePollWrite } from "./api";

/** The result that an official owners' voting platform has certified; entered by one person, confirmed by another. */
export function Certified({ board }: { board: Board }) {
  const { poll, may } = board;
  const me = useMe();
  const [open, setOpen] = useState(false);
  const c = poll.imported;
  if (!c && !may.certify) {
    return null;
  }
  const waiting = c && !c.second;
  const mayEnter = may.certify && (!c || waiting);
  return (
    <section className="panel panel-pad stack" aria-labelledby="certified-title">
      <h2 id="certified-title">官方平台认证的结果</h2>
      {c && (
        <>
          <p>
            {c.platform}，证书 {c.document}。
            {waiting ? "已录一遍，等另一人再录一遍，一致才生效。" : "两人录入一致，已生效。"}
          </p>
          {!waiting && (
            <p className="num">
              {(["yes", "no", "abstain"] as const)
                .map((k) => `${choiceWords[k]} ${grouped(c.totals[k].heads)} ${headUnit(c.totals.counting)}`)
                .join("，")}
            </p>
          )}
          <p>
            <a href={attachmentUrl(c.file)}>认证文件</a>
          </p>
        </>
      )}
      {mayEnter &&
        (open ? (
          <CertifiedForm board={board} onDone={() => setOpen(false)} />
        ) : (
          <div className="row">
            <Button onClick={() => setOpen(true)}>
              {waiting ? (c.by === me.user.id ? "更正我录入的" : "录第二遍") : "登记认证结果"}
            </Button>
            <span className="muted">本地要求使用官方表决系统的，在这里登记它认证的结果，代替本平台计票。</span>
          </div>
        ))}
    </section>
  );
}

const choices = ["yes", "no", "abstain"] as const;

/** The second person reads the certificate that the first has uploaded. */
function CertifiedForm({ board: { poll, turnout }, onDone }: { board: Board; onDone: () => void }) {
  const me = useMe();
  const second = Boolean(poll.imported && poll.imported.by !== me.user.id);
  const { message } = App.useApp();
  const owner = poll.options.counting === "owner";
  const [platform, setPlatform] = useState(poll.platform ?? "");
  const [document, setDocument] = useState("");
  const [files, setFiles] = useState<Attachment[]>([]);
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string>();
  const save = usePollWrite(poll.number, (body: Parameters<typeof certify>[1]) => certify(poll.number, body));

  const read = (key: string) => {
    const heads = /^\d{1,9}$/.test(text[`${key}.heads`] ?? "") ? Number(text[`${key}.heads`]) : undefined;
    const area = owner ? parseArea(text[`${key}.area`] ?? "") : 0;
    return heads === undefined || area === undefined ? undefined : { heads, area };
  };
  const submit = () => {
    const [yes, no, abstain] = choices.map(read);
    const file = second ? poll.imported?.file : files[0]?.id;
    if (!platform.trim() || !document.trim() || !file) {
      setProblem(second ? "请写明平台、证书编号。" : "请写明平台、证书编号，并上传认证文件。");
      return;
    }
    if (!yes || !no || !abstain) {
      setProblem(owner ? "人数写整数，面积写平方米，最多两位小数；没有的写 0。" : "请写整数；没有的写 0。");
      return;
    }
    setProblem(undefined);
    const totals = {
      counting: poll.options.counting,
      all: turnout.all,
      yes,
      no,
      abstain,
      signed: { heads: 0, area: 0 },
    };
    save.mutate(
      { platform: platform.trim(), document: document.trim(), file, totals },
      {
        onSuccess: () => {
          message.success("已登记");
          onDone();
        },
        onError: (e) => setProblem(sentenceOf(e)),
      },
    );
  };
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <div className="form-pair">
        <Field label="平台">
          {(id) => <Input id={id} value={platform} maxLength={100} onChange={(e) => setPlatform(e.target.value)} />}
        </Field>
        <Field label="证书编号">
          {(id) => <Input id={id} value={document} maxLength={100} onChange={(e) => setDocument(e.target.value)} />}
        </Field>
      </div>
      <table className="plain-table certified-table">
        <caption className="visually-hidden">认证的票数</caption>
        <thead>
          <tr>
            <th scope="col">选择</th>
            <th scope="col">{headUnit(poll.options.counting) === "户" ? "户数" : "人数"}</th>
            {owner && <th scope="col">面积（平方米）</th>}
          </tr>
        </thead>
        <tbody>
          {choices.map((k) => (
            <tr key={k}>
              <th scope="row">{choiceWords[k]}</th>
              {(owner ? ["heads", "area"] : ["heads"]).map((m) => (
                <td key={m}>
                  <Input
                    aria-label={`${choiceWords[k]}${m === "area" ? "面积" : "票数"}`}
                    inputMode="decimal"
                    value={text[`${k}.${m}`] ?? ""}
                    onChange={(e) => setText({ ...text, [`${k}.${m}`]: e.target.value })}
                  />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">清册总数</th>
            <td className="num">{grouped(turnout.all.heads)}</td>
            {owner && <td className="num">{squareMetres(turnout.all.area)}</td>}
          </tr>
        </tbody>
      </table>
      {!second && (
        <div>
          <p id="certified-file">认证文件</p>
          <Uploads value={files} onChange={(f) => setFiles(f.slice(-1))} onBusy={setBusy} labelledBy="certified-file" />
        </div>
      )}
      {problem && <Alert type="warning" showIcon role="alert" title={problem} />}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={busy}>
          登记
        </Button>
        <Button onClick={onDone}>取消</Button>
      </div>
    </form>
  );
}
