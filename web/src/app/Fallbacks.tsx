import { Button, Result, Spin } from "antd";
import { Link, useRouteError } from "react-router";

export function Starting() {
  return (
    <div className="starting">
      <Spin description="正在打开…" />
    </div>
  );
}

export function NotFoundPage() {
  return (
    <Result
      status="info"
      title="没有这个页面"
      subTitle="地址可能写错了，或者页面已经移走。"
      extra={
        <Link to="/desk">
          <Button type="primary">回到工作台</Button>
        </Link>
      }
    />
  );
}

/** Shown when a page fails; after an upgrade the old page may ask for files that are gone, and a reload mends that. */
export function CrashPage() {
  const error = useRouteError();
  console.error(error);
  return (
    <Result
      status="warning"
      title="这个页面出了问题"
      subTitle="已提交的内容都在服务器上。请刷新页面；如果仍然这样，请联系管理员。"
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          刷新页面
        </Button>
      }
    />
  );
}
