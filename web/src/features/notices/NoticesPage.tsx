import { Button, Checkbox, Select } from "antd";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { SearchField } from "../../components/SearchField";
import { useFilters } from "../../components/useFilters";
import { useUnits } from "../../components/useUnits";
import { compact, oneOf } from "../../lib/filters";
import { useNotices } from "./api";
import { NoticeItem } from "./NoticeItem";
import "./notice.css";

/** What was published, and until when one may object. */
export function Component() {
  const [search, set] = useFilters();
  const districts = (useUnits().data ?? []).filter((u) => u.level === "district");
  const filter = compact({
    kind: oneOf(search.get("kind"), ["list", "case"] as const),
    district: search.get("district") ?? undefined,
    text: search.get("text") ?? undefined,
    open: search.get("open") === "1",
  });
  const pages = useNotices(filter);
  const filtered = Object.keys(filter).length > 0;
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>公告</h1>
          <p className="muted">清单的公布和办件的公告、公示，最近公布的在最前面。所有岗位都可以查看。</p>
        </div>
      </div>
      <search className="filters" aria-label="筛选公告">
        <SearchField
          value={filter.text ?? ""}
          onSearch={(text) => set({ text })}
          placeholder="标题、正文"
          label="按文字查找"
          width={230}
        />
        <Select
          aria-label="种类"
          allowClear
          placeholder="种类"
          value={filter.kind}
          onChange={(kind?: string) => set({ kind })}
          style={{ width: 140 }}
          options={[
            { value: "list", label: "清单公布" },
            { value: "case", label: "办件公告" },
          ]}
        />
        {districts.length > 1 && (
          <Select
            aria-label="区"
            allowClear
            placeholder="区"
            value={filter.district}
            onChange={(district?: string) => set({ district })}
            style={{ width: 140 }}
            options={districts.map((d) => ({ value: d.code, label: d.name }))}
          />
        )}
        <Checkbox checked={filter.open === true} onChange={(e) => set({ open: e.target.checked ? "1" : undefined })}>
          只看公示中、现行的
        </Checkbox>
      </search>
      <div className="panel">
        <Loaded query={pages} rows={6}>
          {(notices) =>
            notices.length === 0 ? (
              <EmptyState
                title={filtered ? "没有符合条件的公告" : "还没有公告"}
                hint={
                  filtered
                    ? "可以放宽筛选条件；文字写标题或正文中的几个字即可。"
                    : "清单公布、变更或办件发布公告后，会列在这里。"
                }
                action={
                  filtered ? (
                    <Button
                      onClick={() => set({ kind: undefined, district: undefined, text: undefined, open: undefined })}
                    >
                      清除筛选
                    </Button>
                  ) : undefined
                }
              />
            ) : (
              <>
                <ul className="notice-list">
                  {notices.map((n) => (
                    <NoticeItem key={n.id} notice={n} />
                  ))}
                </ul>
                <LoadMore pages={pages} />
              </>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}
