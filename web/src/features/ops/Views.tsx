import { App, Button, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { SavedView } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { useDropView, useSaveView, useViews } from "./api";

/** Filters kept under a name: on the server, opened by a link, also by somebody else. */
export function Views({ query }: { query: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>视图</Button>
      <Modal open={open} onCancel={() => setOpen(false)} title="保存的视图" footer={null} destroyOnHidden>
        <ViewList query={query} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ViewList({ query, onClose }: { query: string; onClose: () => void }) {
  const views = useViews();
  const save = useSaveView();
  const { message } = App.useApp();
  const [name, setName] = useState("");
  const keep = async () => {
    try {
      await save.mutateAsync({ name: name.trim(), query });
      setName("");
      message.success("视图已保存");
    } catch (error) {
      message.warning(sentenceOf(error));
    }
  };
  return (
    <div className="stack">
      <form
        className="row"
        onSubmit={(e) => {
          e.preventDefault();
          if (name.trim() && query) {
            void keep();
          }
        }}
      >
        <Input
          value={name}
          onChange={(e) => setName(e.target.value)}
          maxLength={40}
          placeholder="现在的筛选条件叫什么"
          aria-label="视图的名称"
          style={{ flex: 1 }}
          disabled={!query}
        />
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!name.trim() || !query}>
          保存
        </Button>
      </form>
      {!query && <p className="muted">现在没有筛选条件。先筛选，再保存。</p>}
      <Loaded query={views} rows={2}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="还没有保存的视图" hint="常用的筛选条件存成视图，一点就开，链接可以发给同事。" />
          ) : (
            <ul className="ops-views">
              {list.map((v) => (
                <ViewLine key={v.id} of={v} onClose={onClose} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function ViewLine({ of, onClose }: { of: SavedView; onClose: () => void }) {
  const drop = useDropView();
  const { message, modal } = App.useApp();
  const link = `/ops?view=${encodeURIComponent(of.id)}`;
  const copy = async () => {
    const whole = window.location.origin + link;
    try {
      await navigator.clipboard.writeText(whole);
      message.success("链接已复制");
    } catch {
      // The clipboard exists in secure contexts only; the link can be copied by hand.
      modal.info({ title: "视图的链接", content: <span className="pre">{whole}</span>, okText: "知道了" });
    }
  };
  const remove = () =>
    modal.confirm({
      title: `删除视图「${of.name}」？`,
      content: "拿到链接的同事也不能再打开它。",
      okText: "删除",
      okButtonProps: { danger: true },
      cancelText: "不删除",
      onOk: () => drop.mutateAsync(of.id).catch((error) => void message.warning(sentenceOf(error))),
    });
  return (
    <li>
      <Link to={link} onClick={onClose}>
        {of.name}
      </Link>
      <span className="row">
        <Button size="small" onClick={copy} aria-label={`复制「${of.name}」的链接`}>
          复制链接
        </Button>
        <Button size="small" danger onClick={remove} aria-label={`删除「${of.name}」`}>
          删除
        </Button>
      </span>
    </li>
  );
}
