import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input } from "antd";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";

interface Values {
  old: string;
  new: string;
  again: string;
}

export function Component() {
  const [form] = Form.useForm<Values>();
  const { message } = App.useApp();
  const change = useMutation({
    mutationFn: (v: Values) =>
      api.PUT("/api/v1/session/password", { params: { header: once() }, body: { old: v.old, new: v.new } }),
    onSuccess: () => {
      form.resetFields();
      message.success("密码已修改");
    },
  });
  return (
    <div className="page">
      <h1>修改密码</h1>
      <div className="panel panel-pad" style={{ maxWidth: 460 }}>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => change.mutate(v)}>
          <Form.Item name="old" label="现在的密码" rules={[{ required: true, message: "请填写现在的密码" }]}>
            <Input.Password autoComplete="current-password" maxLength={256} />
          </Form.Item>
          <Form.Item name="new" label="新密码" rules={[{ required: true, message: "请填写新密码" }]}>
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          <Form.Item
            name="again"
            label="再填一次新密码"
            dependencies={["new"]}
            rules={[
              { required: true, message: "请再填一次" },
              ({ getFieldValue }) => ({
                validator: (_, v) =>
                  !v || v === getFieldValue("new")
                    ? Promise.resolve()
                    : Promise.reject(new Error("两次填写的新密码不一样")),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          {change.error && (
            <Alert type="warning" showIcon title={sentenceOf(change.error)} style={{ marginBottom: 16 }} />
          )}
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            修改密码
          </Button>
        </Form>
      </div>
    </div>
  );
}
