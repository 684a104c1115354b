import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, Popconfirm } from "antd";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { Unit } from "../../api/types";
import { levels } from "../../lib/names";

interface Change {
  name?: string;
  disabled?: boolean;
}

/** What can be changed about a unit: its name, and whether it is in use. */
export function UnitDrawer({ unit, onClose }: { unit?: Unit; onClose: () => void }) {
  return (
    <Drawer open={Boolean(unit)} onClose={onClose} title={unit?.name} size={480}>
      {unit && <Details key={unit.code} unit={unit} />}
    </Drawer>
  );
}

function Details({ unit }: { unit: Unit }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const change = useMutation({
    mutationFn: (body: Change) =>
      api.PUT("/api/v1/units/{code}", { params: { header: once(), path: { code: unit.code } }, body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.units });
      message.success("已修改");
    },
    onError: (error) => message.warning(sentenceOf(error)),
  });
  return (
    <div className="stack unit-details">
      <dl className="pairs">
        <dt>编码</dt>
        <dd className="num">{unit.code}</dd>
        <dt>层级</dt>
        <dd>{levels[unit.level] ?? unit.level}</dd>
        <dt>状态</dt>
        <dd>{unit.disabled ? "已停用，不再接收新的办件、待办和任职" : "在用"}</dd>
      </dl>
      <Form layout="inline" initialValues={{ name: unit.name }} onFinish={(v: Change) => change.mutate(v)}>
        <Form.Item name="name" label="名称" rules={[{ required: true, whitespace: true, message: "请填写名称" }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Button htmlType="submit">改名</Button>
      </Form>
      <p className="muted">改名立即生效；已经写进经过的名称不变。</p>
      {unit.disabled ? (
        <Button className="user-disable" onClick={() => change.mutate({ disabled: false })}>
          恢复使用
        </Button>
      ) : (
        <Popconfirm
          title="停用这个单位"
          description="停用后不再接收新的办件、待办和任职；手上的待办照常办完。"
          okText="停用"
          cancelText="保留"
          okButtonProps={{ danger: true }}
          onConfirm={() => change.mutate({ disabled: true })}
        >
          <Button danger className="user-disable">
            停用单位
          </Button>
        </Popconfirm>
      )}
    </div>
  );
}
