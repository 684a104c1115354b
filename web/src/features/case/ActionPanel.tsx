import { App, Button } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { ActionOffer, CaseDetail } from "../../api/types";
import { OfferButton } from "../act/OfferButton";
import { groupOffers, isQuick, type OfferGroup } from "../act/offers";
import { useAct } from "../act/useAct";

interface Props {
  detail: CaseDetail;
  onAct: (offers: ActionOffer[]) => void;
}

/** Every action, by task; one that may not be used stays visible and says why. */
export function ActionPanel({ detail, onAct }: Props) {
  const groups = groupOffers(detail.actions);
  const mine = groups.filter((g) => g.answers.some((a) => a.allowed));
  const rest = groups.filter((g) => !mine.includes(g));
  const usable = rest.filter((g) => hasAllowed(g));
  const closed = rest.filter((g) => !hasAllowed(g));
  const [all, setAll] = useState(false);
  return (
    <aside className="panel actions" aria-labelledby="actions-title">
      <h2 id="actions-title">办理</h2>
      {groups.length === 0 && <p className="muted actions-none">这件事没有可以进行的操作。</p>}
      {[...mine, ...usable].map((g) => (
        <Group key={g.key} group={g} detail={detail} onAct={onAct} whole={all || mine.includes(g) || !g.task} />
      ))}
      {(closed.length > 0 || usable.some((g) => g.task)) && (
        <>
          {(all || mine.length + usable.length === 0) &&
            closed.map((g) => <Group key={g.key} group={g} detail={detail} onAct={onAct} whole />)}
          {mine.length + usable.length > 0 && (
            <Button type="link" size="small" className="actions-all" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? "收起不能使用的操作" : "查看其他人的待办和不能使用的操作"}
            </Button>
          )}
        </>
      )}
    </aside>
  );
}

function hasAllowed(g: OfferGroup): boolean {
  return [...g.answers, ...g.others].some((o) => o.allowed);
}

/** Of somebody else's task only what may be used is shown, unless the whole is asked for. */
function Group({ group: all, detail, onAct, whole }: Props & { group: OfferGroup; whole: boolean }) {
  const { message } = App.useApp();
  const group = whole ? all : { ...all, answers: [], others: all.others.filter((o) => o.allowed) };
  const act = useAct(detail.case.number);
  const task = detail.tasks.find((t) => t.id === group.task);
  const title = task ? `${task.title} · ${task.holder.user_name || task.holder.unit_name}` : "整件事";
  const decidable = group.answers.some((a) => a.allowed);

  const start = async (offer: ActionOffer) => {
    if (!isQuick(offer)) {
      onAct([offer]);
      return;
    }
    try {
      await act.mutateAsync({ offer, input: {} });
      message.success(`已${offer.label}`);
    } catch (error) {
      message.warning(sentenceOf(error), 6);
    }
  };
  const main = group.answers.find((a) => a.main && a.allowed);
  return (
    <section className="action-group" aria-label={title}>
      <h3>{title}</h3>
      {decidable && (
        <>
          <Button type="primary" block onClick={() => onAct(group.answers)}>
            办理：{task?.does || task?.title}
          </Button>
          <p className="action-next">
            可选：{group.answers.map((a) => a.label).join("、")}
            {main?.next ? <span className="action-next-line">{main.next}</span> : null}
          </p>
        </>
      )}
      {!decidable && group.answers.length > 0 && (
        <div className="action-buttons">
          {group.answers.map((o) => (
            <OfferButton key={`${o.action}:${o.answer}`} offer={o} onClick={() => onAct(group.answers)} />
          ))}
        </div>
      )}
      <div className="action-buttons">
        {group.others.map((o) => (
          <OfferButton
            key={`${o.action}:${o.answer ?? ""}`}
            offer={o}
            loading={act.isPending && act.variables?.offer === o}
            onClick={() => void start(o)}
          />
        ))}
      </div>
    </section>
  );
}
