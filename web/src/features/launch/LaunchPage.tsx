import { Button } from "antd";
import { Link } from "react-router";
import type { ProcedureCard } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { useProcedures } from "./api";
import { DraftList } from "./DraftList";
import "./launch.css";

/** Which procedure, and am I ready? */
export function Component() {
  const query = useProcedures();
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>发起</h1>
          <p className="muted">选择要办理的事项。填写中的内容每隔几秒自动保存为草稿，可以随时离开。</p>
        </div>
      </div>
      <DraftList />
      <Loaded query={query}>
        {(cards) =>
          cards.length === 0 ? (
            <div className="panel">
              <EmptyState title="还没有可以发起的事项" hint="平台启用事项后会列在这里，请联系管理员。" />
            </div>
          ) : (
            <ul className="procedures">
              {[...cards]
                .sort((a, b) => Number(b.may_start) - Number(a.may_start))
                .map((card) => (
                  <ProcedureItem key={card.kind} card={card} />
                ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function ProcedureItem({ card }: { card: ProcedureCard }) {
  return (
    <li className="panel procedure">
      <h2>{card.name}</h2>
      <p>{card.summary}</p>
      <dl>
        <dt>法定时限</dt>
        <dd>{card.duration}</dd>
        <dt>准备好这些</dt>
        <dd>{card.prepare.length > 0 ? card.prepare.join("、") : "无需准备"}</dd>
        <dt>由谁决定</dt>
        <dd>{card.who_decides.length > 0 ? card.who_decides.join(" → ") : "无需审批"}</dd>
      </dl>
      {card.may_start ? (
        <Link to={`/launch/${card.kind}`}>
          <Button type="primary">填写申请</Button>
        </Link>
      ) : (
        <p className="procedure-why">
          <span className="tag tag-grey">您不能发起</span> {card.why_not}
        </p>
      )}
    </li>
  );
}
