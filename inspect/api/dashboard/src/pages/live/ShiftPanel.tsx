import type { Rate, ShiftCounts, Verdict } from "../../api/types";
import { VerdictMark } from "../../components/VerdictMark";
import { percent, wholeNumber } from "../../format/number";
import { hourMinute } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import { ShareBar } from "./ShareBar";
import styles from "./ShiftPanel.module.css";

interface Props {
  readonly shift: ShiftCounts | null;
  readonly stale: boolean;
}

/** The counts of this shift, and its rates with their uncertainty. */
export function ShiftPanel({ shift, stale }: Props) {
  const { words, locale } = useSpeech();
  const count = (value: number | undefined) => wholeNumber(value ?? 0, locale);
  return (
    <section className={styles.panel} data-stale={stale}>
      <header>
        <h2>
          {words.shift.title}
          {shift && <small>{words.shift.since(hourMinute(shift.startMs, locale))}</small>}
        </h2>
        <p className={styles.inspected}>
          {words.shift.inspected} <b>{count(shift?.inspected)}</b>
        </p>
      </header>
      <ShareBar
        {...{ pass: shift?.passed ?? 0, fail: shift?.failed ?? 0, review: shift?.review ?? 0 }}
      />
      <dl className={styles.counts}>
        <Count verdict="pass" value={count(shift?.passed)} />
        <Count verdict="fail" value={count(shift?.failed)} />
        <Count verdict="review" value={count(shift?.review)} />
      </dl>
      <dl className={styles.rates}>
        <RateWithInterval label={words.shift.defectRate} rate={shift?.defectRate ?? null} />
        <RateWithInterval label={words.shift.firstPassYield} rate={shift?.firstPassYield ?? null} />
      </dl>
    </section>
  );
}

function Count({ verdict, value }: { readonly verdict: Verdict; readonly value: string }) {
  const { words } = useSpeech();
  return (
    <div data-verdict={verdict}>
      <dt>
        <VerdictMark verdict={verdict} />
        {words.verdict[verdict]}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function RateWithInterval({ label, rate }: { readonly label: string; readonly rate: Rate | null }) {
  const { words, locale } = useSpeech();
  const share = (value: number) => percent(value, locale);
  return (
    <>
      <dt>{label}</dt>
      <dd>{rate ? share(rate.value) : "–"}</dd>
      <dd className={styles.interval}>
        {rate ? words.shift.interval(share(rate.low), share(rate.high)) : words.shift.none}
      </dd>
    </>
  );
}
