import { useEffect } from "react";
import { Navigate, Outlet, useLocation, useNavigate } from "react-router";
import { onSessionLost } from "../api/client";
import { ApiError } from "../api/errors";
import { Failure } from "../components/Loaded";
import { Starting } from "./Fallbacks";
import { useLive } from "./live";
import { MeContext, useMeQuery } from "./session";

/** Lets only a signed-in person through and keeps the view up to date. */
export function SignedIn() {
  const me = useMeQuery();
  const location = useLocation();
  const navigate = useNavigate();
  const here = location.pathname + location.search;

  useEffect(() => onSessionLost(() => navigate(`/login?next=${encodeURIComponent(here)}`)), [navigate, here]);
  useLive(Boolean(me.data));

  if (me.data) {
    return (
      <MeContext.Provider value={me.data}>
        <Outlet />
      </MeContext.Provider>
    );
  }
  if (me.error instanceof ApiError && me.error.status === 401) {
    return <Navigate to={`/login?next=${encodeURIComponent(here)}`} replace />;
  }
  if (me.error) {
    return <Failure error={me.error} onRetry={() => me.refetch()} />;
  }
  return <Starting />;
}
