import { useState } from "react";
import type { Board, RollVersion } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { moment } from "../../lib/dates";
import { grouped, squareMetres } from "../../lib/votes";
import { useRoll, useRollLines } from "./api";
import { Objections } from "./Objections";
import { RollImport } from "./RollImport";
import { Button } from "antd";

/** Who votes: versions with their fingerprints, the lines, objections and answers. */
export function RollTab({ board }: { board: Board }) {
  const { poll, may } = board;
  const query = useRoll(poll.number);
  const [shown, setShown] = useState<number>();
  return (
    <div className="stack">
      {may.import ? (
        <RollImport board={board} first={poll.roll === 0} />
      ) : (
        <p className="panel panel-pad muted">
          {poll.frozen ? `清册第 ${poll.roll} 版已经确定，不能再改。` : "清册由组织表决的单位导入。"}
        </p>
      )}
      <section className="panel" aria-labelledby="versions-title">
        <h2 id="versions-title">各版清册</h2>
        <Loaded query={query} rows={3}>
          {({ versions }) =>
            versions.length === 0 ? (
              <EmptyState
                title="还没有清册"
                hint="导入并核对清册后，每一版的指纹、人数和面积列在这里，旧版一直保留。"
              />
            ) : (
              <ul className="versions">
                {versions.map((v) => (
                  <Version
                    key={v.version}
                    of={v}
                    now={v.version === poll.roll}
                    frozen={poll.frozen}
                    area={poll.options.counting === "owner"}
                    open={shown === v.version}
                    onLines={may.people ? () => setShown(shown === v.version ? undefined : v.version) : undefined}
                    number={poll.number}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <Objections board={board} about="roll" />
    </div>
  );
}

interface Props {
  of: RollVersion;
  now: boolean;
  frozen: boolean;
  area: boolean;
  open: boolean;
  onLines?: () => void;
  number: string;
}

function Version({ of: v, now, frozen, area, open, onLines, number }: Props) {
  return (
    <li className="version">
      <div className="row version-head">
        <h3>
          第 {v.version} 版 {now && <span className="tag tag-accent">{frozen ? "已确定" : "现行"}</span>}
        </h3>
        {onLines && (
          <Button size="small" aria-expanded={open} onClick={onLines}>
            {open ? "收起" : `查看 ${grouped(v.lines)} 行`}
          </Button>
        )}
      </div>
      <p>
        {v.why}。{grouped(v.lines)} 行，合计 <strong className="num">{grouped(v.voters)}</strong> 票
        {area ? `，${squareMetres(v.total.area)} 平方米` : ""}
        {v.excluded > 0 ? `，另有 ${v.excluded} 行不计` : ""}。
      </p>
      <p className="muted">
        {v.by} · {moment(v.at)}
      </p>
      <p className="hash num">指纹 {v.fingerprint}</p>
      {open && <Lines number={number} version={v.version} area={area} />}
    </li>
  );
}

function Lines({ number, version, area }: { number: string; version: number; area: boolean }) {
  const pages = useRollLines(number, version);
  return (
    <Loaded query={pages} rows={5}>
      {(lines) => (
        <>
          <div className="table-scroll">
            <table className="plain-table card-table">
              <caption className="visually-hidden">清册第 {version} 版</caption>
              <thead>
                <tr>
                  <th scope="col">编号</th>
                  <th scope="col">姓名</th>
                  <th scope="col">证件</th>
                  {area && <th scope="col">面积（平方米）</th>}
                  <th scope="col">备注</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((l) => (
                  <tr key={l.code}>
                    <th scope="row" className="num">
                      {l.code}
                    </th>
                    <td>{l.owners.map((o) => `${o.name}${o.den ? `（${o.num}/${o.den}）` : ""}`).join("、")}</td>
                    <td className="num">{l.owners.map((o) => o.id).join("、")}</td>
                    {area && (
                      <td className="num">
                        {squareMetres(l.area ?? 0)} <span className="only-card">平方米</span>
                      </td>
                    )}
                    <td>
                      {[
                        l.developer && "开发商",
                        l.voter && `推选 ${l.voter} 表决`,
                        l.guardian && `监护人 ${l.guardian}`,
                        l.buyer && `同一买受人 ${l.buyer}`,
                      ]
                        .filter(Boolean)
                        .join("；")}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <LoadMore pages={pages} />
        </>
      )}
    </Loaded>
  );
}
