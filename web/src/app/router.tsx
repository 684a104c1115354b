import { createBrowserRouter, Navigate } from "react-router";
import { CrashPage, NotFoundPage, Starting } from "./Fallbacks";
import { Shell } from "./Shell";
import { SignedIn } from "./SignedIn";

export const router = createBrowserRouter([
  {
    errorElement: <CrashPage />,
    HydrateFallback: Starting,
    children: [
      { path: "/login", lazy: () => import("../features/login/LoginPage") },
      {
        element: <SignedIn />,
        children: [
          { path: "/cases/:number/print", lazy: () => import("../features/print/PrintPage") },
          { path: "/polls/:number/letters", lazy: () => import("../features/poll/print/LettersPage") },
          { path: "/polls/:number/sheets", lazy: () => import("../features/poll/print/SheetsPage") },
          { path: "/polls/:number/tally", lazy: () => import("../features/poll/print/TallyPage") },
          { path: "/polls/:number/visits", lazy: () => import("../features/poll/print/VisitsPage") },
          {
            element: <Shell />,
            errorElement: <CrashPage />,
            children: [
              { index: true, element: <Navigate to="/desk" replace /> },
              { path: "/desk", lazy: () => import("../features/desk/DeskPage") },
              { path: "/launch", lazy: () => import("../features/launch/LaunchPage") },
              { path: "/launch/:kind", lazy: () => import("../features/launch/FormPage") },
              { path: "/cases", lazy: () => import("../features/cases/CasesPage") },
              { path: "/cases/:number", lazy: () => import("../features/case/CasePage") },
              { path: "/polls", lazy: () => import("../features/poll/PollsPage") },
              { path: "/polls/:number", lazy: () => import("../features/poll/PollPage") },
              { path: "/lists", lazy: () => import("../features/lists/ListsPage") },
              { path: "/notices", lazy: () => import("../features/notices/NoticesPage") },
              { path: "/notices/:id", lazy: () => import("../features/notices/NoticePage") },
              { path: "/delegations", lazy: () => import("../features/delegations/DelegationsPage") },
              { path: "/ops/health", lazy: () => import("../features/ops/HealthPage") },
              { path: "/ops/batches", lazy: () => import("../features/batch/BatchesPage") },
              { path: "/ops/batches/new", lazy: () => import("../features/batch/NewBatchPage") },
              { path: "/ops/batches/:id", lazy: () => import("../features/batch/BatchPage") },
              { path: "/deadlines", lazy: () => import("../features/deadlines/DeadlinesPage") },
              { path: "/reports", lazy: () => import("../features/reports/ReportsPage") },
              { path: "/ops/:id?", lazy: () => import("../features/ops/OpsPage") },
              { path: "/account/notify", lazy: () => import("../features/inbox/NotifyPage") },
              { path: "/account", lazy: () => import("../features/account/AccountPage") },
              { path: "/admin", element: <Navigate to="/admin/users" replace /> },
              { path: "/admin/:section", lazy: () => import("../features/admin/AdminPage") },
              { path: "*", element: <NotFoundPage /> },
            ],
          },
        ],
      },
    ],
  },
]);
