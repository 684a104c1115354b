import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, Popconfirm } from "antd";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Person, Post } from "../../api/types";
import { useToday } from "../../app/now";
import { longDay } from "../../lib/dates";
import { PostForm } from "./PostForm";

interface Change {
  name?: string;
  disabled?: boolean;
  password?: string;
}

export function UserDrawer({ person, onClose }: { person?: Person; onClose: () => void }) {
  return (
    <Drawer open={Boolean(person)} onClose={onClose} title={person?.name} size={480}>
      {person && <Details key={person.user} person={person} />}
    </Drawer>
  );
}

function Details({ person }: { person: Person }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [passwordForm] = Form.useForm<Change>();
  const reload = () => client.invalidateQueries({ queryKey: ["users"] });
  const change = useMutation({
    mutationFn: (body: Change) =>
      api.PUT("/api/v1/users/{id}", { params: { header: once(), path: { id: person.user } }, body }),
    onSuccess: async (_, { password }) => {
      await reload();
      passwordForm.resetFields();
      message.success(password ? "密码已重置，请告知本人" : "已修改");
    },
    onError: (error) => message.warning(sentenceOf(error)),
  });
  return (
    <div className="stack user-details">
      <dl className="pairs">
        <dt>账号</dt>
        <dd className="num">{person.user}</dd>
        <dt>状态</dt>
        <dd>{person.disabled ? "已停用，不能登录" : "在用"}</dd>
      </dl>
      <section className="stack">
        <h3>岗位</h3>
        {person.posts.length === 0 && <p className="muted">没有岗位，登录后不能办理任何事项。</p>}
        <ul>
          {person.posts.map((p) => (
            <PostItem key={p.id} post={p} onEnded={reload} />
          ))}
        </ul>
        <PostForm user={person.user} onDone={reload} />
      </section>
      <section className="stack">
        <h3>账号</h3>
        <Form layout="inline" initialValues={{ name: person.name }} onFinish={(v: Change) => change.mutate(v)}>
          <Form.Item name="name" label="姓名" rules={[{ required: true, message: "请填写姓名" }]}>
            <Input maxLength={50} />
          </Form.Item>
          <Button htmlType="submit">改名</Button>
        </Form>
        <Form form={passwordForm} layout="inline" onFinish={(v: Change) => change.mutate(v)}>
          <Form.Item name="password" label="新密码" rules={[{ required: true, message: "请填写新密码" }]}>
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          <Button htmlType="submit">重置密码</Button>
        </Form>
        {person.disabled ? (
          <Button onClick={() => change.mutate({ disabled: false })}>恢复使用</Button>
        ) : (
          <Popconfirm
            title="停用这个账号"
            description="停用后不能登录，名下的待办会显示无人可办，请及时改派。"
            okText="停用"
            cancelText="保留"
            okButtonProps={{ danger: true }}
            onConfirm={() => change.mutate({ disabled: true })}
          >
            <Button danger className="user-disable">
              停用账号
            </Button>
          </Popconfirm>
        )}
      </section>
    </div>
  );
}

function PostItem({ post, onEnded }: { post: Post; onEnded: () => void }) {
  const { message } = App.useApp();
  const today = useToday();
  const ended = Boolean(post.to && post.to < today);
  const end = useMutation({
    mutationFn: () => api.DELETE("/api/v1/posts/{id}", { params: { header: once(), path: { id: post.id } } }),
    onSuccess: onEnded,
    onError: (error) => message.warning(sentenceOf(error)),
  });
  return (
    <li className="post">
      <div>
        <p>
          {post.unit_name} · {post.role_name} {ended && <span className="tag tag-grey">已免去</span>}
        </p>
        <p className="muted">{termOf(post)}</p>
      </div>
      {!ended && (
        <Popconfirm
          title="免去这个岗位"
          description="从现在起不能再以这个岗位办理。"
          okText="免去"
          cancelText="保留"
          okButtonProps={{ danger: true }}
          onConfirm={() => end.mutate()}
        >
          <Button size="small" danger loading={end.isPending}>
            免去
          </Button>
        </Popconfirm>
      )}
    </li>
  );
}

/** The term of a post; one that is ended ends with the day before, so that it may end before it began. */
function termOf(post: Post): string {
  if (post.to && post.to < post.from) {
    return `${longDay(post.from)}任职，未满一日即免去`;
  }
  return `${longDay(post.from)}起${post.to ? `，至 ${longDay(post.to)}` : ""}`;
}
