import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api, data } from "../api/client";
import { ApiError } from "../api/errors";
import { keys } from "../api/keys";
import type { Calendars, Clock } from "../api/types";
import { dayOf } from "../lib/dates";
import { type Holidays, type Left, leftOf } from "../lib/workdays";
import { useMe } from "./session";

/** The platform's clock; a demonstration runs on a virtual one. Undefined in production. */
export function useClock() {
  const me = useMe();
  return useQuery({
    queryKey: keys.clock,
    enabled: me.demo,
    refetchInterval: 10_000,
    queryFn: async () => {
      try {
        const clock = await data<Clock>(api.GET("/api/v1/clock"));
        return { ...clock, asked: Date.now() };
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) {
          return null;
        }
        throw error;
      }
    },
  });
}

/** The time of the platform, which is never the time of this machine: its clock may be wrong, or the time virtual. */
export function useNow(): Date {
  const me = useMe();
  const clock = useClock().data;
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => tick((n) => n + 1), 15_000);
    return () => window.clearInterval(timer);
  }, []);
  const drift = useMemo(() => Date.parse(me.now) - Date.now(), [me.now]);
  if (clock) {
    return new Date(Date.parse(clock.now) + (Date.now() - clock.asked) * Math.max(clock.speed, 1));
  }
  return new Date(Date.now() + drift);
}

export function useToday(): string {
  return dayOf(useNow());
}

export function useCalendars() {
  return useQuery({
    queryKey: keys.calendars,
    queryFn: () => data<Calendars>(api.GET("/api/v1/calendars")),
    staleTime: 30 * 60_000,
  });
}

export function useHolidays(): Holidays | undefined {
  const { data: calendars } = useCalendars();
  return useMemo(() => {
    if (!calendars) {
      return undefined;
    }
    const loaded = (calendars.years ?? []).filter((y) => y.loaded);
    return {
      years: new Set(loaded.map((y) => String(y.year))),
      off: new Set(loaded.flatMap((y) => y.off ?? [])),
      work: new Set(loaded.flatMap((y) => y.work ?? [])),
    };
  }, [calendars]);
}

/** What is left until a civil day, counted as people count. */
export function useLeft(day: string | undefined): Left | undefined {
  const today = useToday();
  const holidays = useHolidays();
  return useMemo(() => leftOf(day, today, holidays), [day, today, holidays]);
}
