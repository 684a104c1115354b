import { Alert, App, Button, Checkbox, Input } from "antd";
import { Link } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { Board, Voter } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { SearchField } from "../../components/SearchField";
import { useFilters } from "../../components/useFilters";
import { compact } from "../../lib/filters";
import { channelWords, choiceWords, grouped, headUnit, speakerWords, squareMetres } from "../../lib/votes";
import { markSigned, remind, usePollWrite, useVoters } from "./api";

/** Whom to visit, as a walking list, and what may be done for those who have not voted. */
export function VisitsTab({ board }: { board: Board }) {
  const { poll, may } = board;
  const [search, set] = useFilters();
  const all = search.get("all") === "1";
  const filter = compact({
    building: search.get("building") ?? undefined,
    text: search.get("text") ?? undefined,
    silent: !all,
  });
  if (!may.people) {
    return <Alert type="info" showIcon title="名单涉及个人信息，只有组织本次表决的单位和审计可以查看。" />;
  }
  const query = new URLSearchParams(Object.entries(filter).map(([k, v]) => [k, String(v)]));
  return (
    <div className="stack">
      <search className="filters" aria-label="筛选走访名单">
        <Input
          key={filter.building ?? ""}
          defaultValue={filter.building}
          placeholder="楼号，回车"
          aria-label="楼号"
          maxLength={50}
          allowClear
          style={{ width: 120 }}
          onPressEnter={(e) => set({ building: e.currentTarget.value.trim() || undefined })}
          onBlur={(e) => set({ building: e.currentTarget.value.trim() || undefined })}
        />
        <SearchField
          value={filter.text ?? ""}
          onSearch={(text) => set({ text })}
          placeholder="地址、姓名、房号"
          label="按文字查找"
          width={200}
        />
        <Checkbox checked={all} onChange={(e) => set({ all: e.target.checked ? "1" : undefined })}>
          也显示已表决的
        </Checkbox>
        <Link to={`/polls/${encodeURIComponent(poll.number)}/visits?${query}`}>
          <Button>打印走访单</Button>
        </Link>
      </search>
      {may.remind && <Remind number={poll.number} building={filter.building} counting={poll.options.counting} />}
      <List board={board} filter={filter} />
    </div>
  );
}

function Remind({ number, building, counting }: { number: string; building?: string; counting: string }) {
  const send = usePollWrite(number, () => remind(number, building));
  const r = send.data;
  return (
    <section className="panel panel-pad stack" aria-label="提醒未表决的">
      <div className="row">
        <Button loading={send.isPending} onClick={() => send.mutate(undefined)}>
          提醒{building ? ` ${building} 楼` : "全部"}未表决的
        </Button>
        <span className="muted">给还没有表决的各户准备提醒信，带上各自的投票口令。</span>
      </div>
      <div aria-live="polite">
        {send.error && <Alert type="warning" showIcon title={sentenceOf(send.error)} />}
        {r && (
          <p>
            未表决 {grouped(r.silent)} 票（{grouped(r.weight.heads)} {headUnit(counting)}
            {r.weight.area > 0 ? `，${squareMetres(r.weight.area)} 平方米` : ""}）。
            <Link to={r.letters}>打印提醒信</Link>
          </p>
        )}
      </div>
    </section>
  );
}

function List({ board, filter }: { board: Board; filter: { building?: string; text?: string; silent?: boolean } }) {
  const { poll, may } = board;
  const pages = useVoters(poll.number, filter);
  const narrowed = Boolean(filter.building || filter.text);
  return (
    <section className="panel" aria-label="走访名单">
      <Loaded query={pages} rows={6}>
        {(voters) =>
          voters.length === 0 ? (
            <EmptyState
              title={narrowed ? "没有符合条件的人家" : poll.frozen ? "都已经表决" : "清册还没有确定"}
              hint={
                narrowed
                  ? "可以清除楼号和文字后再看。"
                  : poll.frozen
                    ? "没有需要走访的人家。"
                    : "清册确定后，还没有表决的人家按楼列在这里。"
              }
            />
          ) : (
            <>
              <div className="table-scroll">
                <table className="plain-table card-table visits">
                  <caption className="visually-hidden">走访名单</caption>
                  <thead>
                    <tr>
                      <th scope="col">票号</th>
                      <th scope="col">地址</th>
                      <th scope="col">姓名</th>
                      <th scope="col">联系电话</th>
                      {poll.options.counting === "owner" && <th scope="col">面积</th>}
                      <th scope="col">情况</th>
                    </tr>
                  </thead>
                  <tbody>
                    {voters.map((v) => (
                      <Row
                        key={v.no}
                        of={v}
                        number={poll.number}
                        area={poll.options.counting === "owner"}
                        enter={may.enter}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ of: v, number, area, enter }: { of: Voter; number: string; area: boolean; enter: boolean }) {
  const { message } = App.useApp();
  const sign = usePollWrite(number, () => markSigned(number, v.no));
  return (
    <tr>
      <th scope="row" className="num">
        {v.no}
      </th>
      <td className="card-title">
        {v.address}
        {v.units.length > 1 && <span className="muted">（共 {v.units.length} 处，一票）</span>}
      </td>
      <td>
        {v.names.join("、")}
        <span className="muted">{speakerWords(v)}</span>
        {v.developer && <span className="tag tag-grey">开发商</span>}
      </td>
      <td className="num">
        <Phone number={v.contact} />
      </td>
      {area && (
        <td className="num">
          {squareMetres(v.weight.area)} <span className="only-card">平方米</span>
        </td>
      )}
      <td>
        {v.voted ? (
          <>
            已表决
            {v.channel ? `（${channelWords[v.channel]}）` : ""}
            {v.choice ? ` ${choiceWords[v.choice]}` : ""}
          </>
        ) : v.signed ? (
          "已签收，未表决"
        ) : enter ? (
          <Button
            size="small"
            loading={sign.isPending}
            aria-label={`登记 ${v.no} 号已签收表决票`}
            onClick={() => sign.mutate(undefined, { onError: (e) => message.warning(sentenceOf(e)) })}
          >
            登记签收
          </Button>
        ) : (
          "未签收"
        )}
      </td>
    </tr>
  );
}

/** A number that the roll holds in full can be called from here; a masked one is only shown. */
function Phone({ number }: { number?: string }) {
  return number && /^[\d -]{7,}$/.test(number) ? <a href={`tel:${number}`}>{number}</a> : number;
}
