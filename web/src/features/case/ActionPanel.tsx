import { App, Button, Tooltip } from "antd";
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

/** Every action, by task, what one can do oneself first; one that may not be used stays visible and says why. */
export function ActionPanel({ detail, onAct }: Props) {
  const groups = groupOffers(detail.actions);
  const [all, setAll] = useState(false);
  const mine = groups.filter((g) => g.answers.some((a) => a.allowed));
  const whole = groups.filter((g) => !g.task);
  const others = groups.filter((g) => g.task && !mine.includes(g));
  const usable = others.filter((g) => allowedOf(g).some((o) => o.action !== "urge"));
  const urges = others.flatMap((g) => allowedOf(g).filter((o) => o.action === "urge" && !usable.includes(g)));
  // Of a suspended case the sentence above says why nobody can do anything; a wall of buttons would say it again.
  const nothing = mine.length + usable.length + urges.length === 0 && !detail.case.suspended;
  const shown = all || nothing;
  return (
    <aside className="panel actions" aria-labelledby="actions-title">
      <h2 id="actions-title">办理</h2>
      {groups.length === 0 && <p className="muted actions-none">这件事没有可以进行的操作。</p>}
      {[...mine, ...usable].map((g) => (
        <Group key={g.key} group={g} detail={detail} onAct={onAct} whole={shown || mine.includes(g)} />
      ))}
      {whole.map((g) => (
        <Group key={g.key} group={g} detail={detail} onAct={onAct} whole />
      ))}
      {!shown && urges.length > 0 && <Urges offers={urges} detail={detail} />}
      {shown &&
        others
          .filter((g) => !usable.includes(g))
          .map((g) => <Group key={g.key} group={g} detail={detail} onAct={onAct} whole />)}
      {others.length > 0 && !nothing && (
        <Button type="link" size="small" className="actions-all" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "收起不能使用的操作" : "查看其他人的待办和不能使用的操作"}
        </Button>
      )}
    </aside>
  );
}

function allowedOf(g: OfferGroup): ActionOffer[] {
  return [...g.answers, ...g.others].filter((o) => o.allowed);
}

function holderOf(detail: CaseDetail, id: string | undefined) {
  const task = detail.tasks.find((t) => t.id === id);
  return { task, who: task ? task.holder.user_name || task.holder.unit_name : "" };
}

/** Everyone who can be reminded, one to a line. */
function Urges({ offers, detail }: { offers: ActionOffer[]; detail: CaseDetail }) {
  const { run, isRunning } = useQuick(detail);
  return (
    <section className="action-group" aria-label="催办">
      <h3>等别人办理，可以催办</h3>
      <ul className="urges">
        {offers.map((o) => {
          const { task, who } = holderOf(detail, o.task);
          return (
            <li key={o.task}>
              <span>
                {who} <span className="muted">{task?.title}</span>
              </span>
              <Tooltip title={o.next}>
                <Button
                  size="small"
                  loading={isRunning(o)}
                  onClick={() => run(o)}
                  aria-label={`催办${who}：${task?.title}`}
                >
                  催办
                </Button>
              </Tooltip>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Does at once what decides nothing and asks nothing. */
function useQuick(detail: CaseDetail) {
  const { message } = App.useApp();
  const act = useAct(detail.case.number);
  const run = async (offer: ActionOffer) => {
    try {
      await act.mutateAsync({ offer, input: {} });
      message.success(`已${offer.label.replace(/^已/, "")}`);
    } catch (error) {
      message.warning(sentenceOf(error), 6);
    }
  };
  return { run, isRunning: (offer: ActionOffer) => act.isPending && act.variables?.offer === offer };
}

/** Of somebody else's task only what may be used is shown, unless the whole is asked for. */
function Group({ group: all, detail, onAct, whole }: Props & { group: OfferGroup; whole: boolean }) {
  const { run, isRunning } = useQuick(detail);
  const group = whole ? all : { ...all, answers: [], others: all.others.filter((o) => o.allowed) };
  const { task, who } = holderOf(detail, group.task);
  const title = task ? `${task.title} · ${who}` : "整件事";
  const decidable = group.answers.some((a) => a.allowed);
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
            loading={isRunning(o)}
            onClick={() => (isQuick(o) ? void run(o) : onAct([o]))}
          />
        ))}
      </div>
    </section>
  );
}
