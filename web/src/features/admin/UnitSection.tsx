import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Modal, Select, Table, type TableColumnsType } from "antd";
import { useMemo, useState } from "react";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { Unit } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { UnitSelect } from "../../components/UnitSelect";
import { useUnits } from "../../components/useUnits";
import { levels } from "../../lib/names";
import { UnitDrawer } from "./UnitDrawer";

interface Node extends Unit {
  children?: Node[];
}

const columns = (onOpen: (code: string) => void): TableColumnsType<Node> => [
  {
    title: "名称",
    dataIndex: "name",
    render: (name: string, u) => (
      <>
        <Button type="link" size="small" className="admin-name" onClick={() => onOpen(u.code)}>
          {name}
        </Button>{" "}
        {u.disabled && <span className="tag tag-grey">已停用</span>}{" "}
        <span className="only-phone-inline muted num">{u.code}</span>
      </>
    ),
  },
  { title: "层级", dataIndex: "level", width: 96, render: (l: string) => levels[l] ?? l },
  { title: "编码", dataIndex: "code", width: 160, className: "num", responsive: ["md"] },
];

export function UnitSection() {
  const query = useUnits();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string>();
  return (
    <>
      <div className="admin-bar">
        <p className="muted">单位决定能看到哪些办件：上级能看到下级的。</p>
        <Button type="primary" onClick={() => setAdding(true)}>
          新建单位
        </Button>
      </div>
      <Loaded query={query} rows={8}>
        {(units) => <UnitTree units={units} onOpen={setOpen} />}
      </Loaded>
      <UnitDrawer unit={query.data?.find((u) => u.code === open)} onClose={() => setOpen(undefined)} />
      <UnitForm open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function UnitTree({ units, onOpen }: { units: Unit[]; onOpen: (code: string) => void }) {
  const tree = useMemo(() => {
    const nodes = new Map<string, Node>(units.map((u) => [u.code, { ...u }]));
    const top: Node[] = [];
    for (const u of units) {
      const node = nodes.get(u.code);
      const parent = nodes.get(u.parent ?? "");
      if (!node) {
        continue;
      }
      if (parent) {
        parent.children = [...(parent.children ?? []), node];
      } else {
        top.push(node);
      }
    }
    return top;
  }, [units]);
  return (
    <Table<Node>
      rowKey="code"
      columns={columns(onOpen)}
      dataSource={tree}
      pagination={false}
      size="middle"
      expandable={{ defaultExpandAllRows: true }}
    />
  );
}

interface Values {
  code: string;
  name: string;
  level: "city" | "district" | "department" | "street" | "community";
  parent?: string;
}

function UnitForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (body: Values) => api.POST("/api/v1/units", { params: { header: once() }, body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.units });
      form.resetFields();
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title="新建单位"
      okText="新建单位"
      cancelText="取消"
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={(v) => create.mutate(v)}>
        <Form.Item name="parent" label="上级单位">
          <UnitSelect label="上级单位" width="100%" forNew />
        </Form.Item>
        <Form.Item name="level" label="层级" rules={[{ required: true, message: "请选择层级" }]}>
          <Select options={Object.entries(levels).map(([value, label]) => ({ value, label }))} placeholder="选择层级" />
        </Form.Item>
        <Form.Item name="name" label="名称" rules={[{ required: true, message: "请填写名称" }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item
          name="code"
          label="编码"
          extra="字母、数字、连字符；建立后不能修改"
          rules={[
            { required: true, message: "请填写编码" },
            { pattern: /^[A-Za-z0-9-]{1,32}$/, message: "请用字母、数字、连字符，最多 32 位" },
          ]}
        >
          <Input maxLength={32} />
        </Form.Item>
        {create.error && <Alert type="warning" showIcon title={sentenceOf(create.error)} />}
      </Form>
    </Modal>
  );
}
