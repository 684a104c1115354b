import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import "./app/app.css";
import { queryClient } from "./app/queryClient";
import { router } from "./app/router";
import { theme } from "./app/theme";
import { EmptyState } from "./components/Loaded";

dayjs.locale("zh-cn");

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider
        locale={zhCN}
        theme={theme}
        renderEmpty={() => <EmptyState title="没有内容" />}
        button={{ autoInsertSpace: false }}
      >
        <AntApp notification={{ placement: "bottomRight" }} message={{ maxCount: 3 }}>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </AntApp>
      </ConfigProvider>
    </StrictMode>,
  );
}
