import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Form, Input, Modal } from "antd";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";

interface Values {
  id: string;
  name: string;
  password: string;
}

export function UserForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const client = useQueryClient();
  const { message } = App.useApp();
  const create = useMutation({
    mutationFn: (body: Values) => api.POST("/api/v1/users", { params: { header: once() }, body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["users"] });
      message.success("账号已建立，请接着任职");
      form.resetFields();
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title="新建账号"
      okText="新建账号"
      cancelText="取消"
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={(v) => create.mutate(v)}>
        <Form.Item
          name="id"
          label="账号"
          extra="小写字母、数字、点、下划线、连字符，用于登录"
          rules={[
            { required: true, message: "请填写账号" },
            { pattern: /^[a-z0-9][a-z0-9._-]{1,63}$/, message: "请用 2 至 64 个小写字母、数字、点、下划线或连字符" },
          ]}
        >
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="name" label="姓名" rules={[{ required: true, message: "请填写姓名" }]}>
          <Input autoComplete="off" maxLength={50} />
        </Form.Item>
        <Form.Item name="password" label="初始密码" rules={[{ required: true, message: "请填写初始密码" }]}>
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        {create.error && <Alert type="warning" showIcon title={sentenceOf(create.error)} />}
      </Form>
    </Modal>
  );
}
