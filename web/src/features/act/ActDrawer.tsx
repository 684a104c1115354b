import { Alert, App, Button, Drawer, Grid } from "antd";
import { useEffect, useMemo, useState } from "react";
import { ApiError, sentenceOf } from "../../api/errors";
import type { ActionOffer, Attachment, CaseDetail } from "../../api/types";
import { Uploads } from "../../components/Uploads";
import { AnswerChoice } from "./AnswerChoice";
import { MatterBrief } from "./MatterBrief";
import { OpinionBox } from "./OpinionBox";
import { Particulars } from "./Particulars";
import { missingIn } from "./missing";
import { givenBy } from "./offers";
import { useOpinionMemory } from "./opinionMemory";
import { type ActInput, useAct } from "./useAct";
import "./act.css";

interface Props {
  detail: CaseDetail;
  /** The answers of one task, or one other action; undefined while closed. */
  offers?: ActionOffer[];
  onClose: () => void;
}

/** What do I say? One drawer for deciding and for every other action. */
export function ActDrawer({ detail, offers, onClose }: Props) {
  const wide = Grid.useBreakpoint().md;
  const first = offers?.[0];
  return (
    <Drawer
      open={Boolean(offers)}
      onClose={onClose}
      size={wide ? 560 : "100%"}
      title={first ? titleOf(first, detail) : ""}
      destroyOnHidden
      mask={{ closable: false }}
    >
      {offers && first && (
        <ActForm key={`${first.task}:${first.action}`} detail={detail} offers={offers} onDone={onClose} />
      )}
    </Drawer>
  );
}

function titleOf(offer: ActionOffer, detail: CaseDetail): string {
  if (offer.action !== "answer") {
    return offer.label;
  }
  const task = detail.tasks.find((t) => t.id === offer.task);
  return task ? `办理：${task.title}${task.subject ? `（${task.subject}）` : ""}` : "办理";
}

function ActForm({ detail, offers, onDone }: { detail: CaseDetail; offers: ActionOffer[]; onDone: () => void }) {
  const { message } = App.useApp();
  const act = useAct(detail.case.number);
  const [chosen, setChosen] = useState<ActionOffer | undefined>(() => {
    const allowed = offers.filter((o) => o.allowed);
    return allowed.length === 1 ? allowed[0] : undefined;
  });
  const memory = useOpinionMemory(`${detail.case.number}:${offers[0]?.task ?? ""}:${offers[0]?.action ?? ""}`);
  const [opinion, setOpinion] = useState(memory.text);
  const [files, setFiles] = useState<Attachment[]>([]);
  const [input, setInput] = useState<ActInput>(() => (chosen ? givenBy(chosen) : {}));
  const [tried, setTried] = useState(false);
  const [uploading, setUploading] = useState(false);

  useEffect(() => memory.keep(opinion), [opinion, memory]);
  const needs = chosen?.needs;
  const missing = useMemo(
    () => (chosen ? missingIn(chosen, { ...input, opinion }, files.length) : ["请选择办理结果"]),
    [chosen, input, opinion, files.length],
  );

  const submit = async () => {
    setTried(true);
    if (!chosen || missing.length > 0 || uploading) {
      return;
    }
    try {
      await act.mutateAsync({
        offer: chosen,
        input: { ...input, opinion: opinion.trim(), files: files.map((f) => f.id) },
      });
      memory.forget();
      message.success(`已办理：${chosen.label}`);
      onDone();
    } catch {
      // The alert below says what happened; the text stays where it is.
    }
  };
  const isAnswer = offers[0]?.action === "answer";
  return (
    <form
      className="act"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <MatterBrief detail={detail} />
      {isAnswer && <AnswerChoice offers={offers} chosen={chosen} onChoose={setChosen} />}
      {needs && <Particulars needs={needs} value={input} onChange={setInput} />}
      {chosen && <OpinionBox offer={chosen} value={opinion} onChange={setOpinion} required={needs?.opinion ?? false} />}
      {(needs?.attachment || isAnswer || chosen?.action === "complain") && chosen && (
        <div className="field">
          <p className="field-label" id="act-files">
            附件{needs?.attachment ? <span className="must">必须上传</span> : <span className="muted">可不上传</span>}
          </p>
          <Uploads value={files} onChange={setFiles} onBusy={setUploading} labelledBy="act-files" />
        </div>
      )}
      {chosen?.next && (
        <p className="act-next" aria-live="polite">
          {chosen.next.startsWith("下一步") ? chosen.next : `下一步：${chosen.next}`}
        </p>
      )}
      {act.error && (
        <Alert
          type="warning"
          showIcon
          title={sentenceOf(act.error)}
          description={
            act.error instanceof ApiError && act.error.kept
              ? undefined
              : opinion
                ? "您填写的意见仍在上方，没有丢失。"
                : undefined
          }
        />
      )}
      {tried && missing.length > 0 && <Alert type="warning" showIcon title={missing.join("；")} />}
      <div className="act-buttons">
        <Button onClick={onDone}>暂不办理</Button>
        <Button type="primary" danger={chosen?.danger} htmlType="submit" loading={act.isPending} disabled={uploading}>
          {chosen ? chosen.label : "请先选择办理结果"}
        </Button>
      </div>
    </form>
  );
}
