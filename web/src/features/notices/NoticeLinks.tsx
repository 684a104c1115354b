import { Link } from "react-router";
import type { Notice } from "../../api/types";

/** The list a notice announces, and the case it comes from; the number alone for those who may not open the case. */
export function NoticeLinks({ notice: n }: { notice: Notice }) {
  return (
    <>
      {n.version && (
        <Link to={`/lists?${new URLSearchParams({ district: n.district, version: n.version })}`}>
          清单 {n.version} 版
        </Link>
      )}
      {n.case &&
        (n.case_visible ? (
          <Link to={`/cases/${encodeURIComponent(n.case)}`} className="num">
            办件 {n.case}
          </Link>
        ) : (
          <span className="num">办件 {n.case}</span>
        ))}
    </>
  );
}
