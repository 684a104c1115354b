import { Button, Drawer } from "antd";
import { Link } from "react-router";
import type { Case } from "../../api/types";
import { StateTag } from "../../components/Tags";
import { moment } from "../../lib/dates";
import { Left, Who } from "./CaseTable";

/** What does not fit into a row of the list. */
export function CaseDrawer({ of: c, onClose }: { of?: Case; onClose: () => void }) {
  return (
    <Drawer
      open={Boolean(c)}
      onClose={onClose}
      title={c?.title}
      size={440}
      extra={
        c && (
          <Link to={`/cases/${encodeURIComponent(c.number)}`}>
            <Button type="primary">打开办件</Button>
          </Link>
        )
      }
    >
      {c && (
        <dl className="pairs">
          <dt>编号</dt>
          <dd className="num">{c.number}</dd>
          <dt>事项</dt>
          <dd>
            {c.kind_name}（第 {c.version} 版）
          </dd>
          <dt>状态</dt>
          <dd>
            <StateTag state={c.state} /> {c.result}
          </dd>
          <dt>所在环节</dt>
          <dd>{c.next_title || c.segment || "无"}</dd>
          <dt>等谁</dt>
          <dd>
            <Who of={c} />
          </dd>
          <dt>还剩</dt>
          <dd>
            <Left of={c} />
          </dd>
          <dt>发起</dt>
          <dd>
            {c.unit_name} {c.initiator_name}
          </dd>
          <dt>发起时间</dt>
          <dd>{moment(c.started_at)}</dd>
          <dt>最近变动</dt>
          <dd>{moment(c.changed_at)}</dd>
          <dt>记录条数</dt>
          <dd className="num">{c.seq}</dd>
        </dl>
      )}
    </Drawer>
  );
}
