/** Whether it helped: a figure before and after, with its interval. */
import {
  type Issue,
  issueProofFile,
  type Proof,
  type ProofMetric,
  type Sample,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Facts,
  ProblemNotice,
  Row,
  Select,
  Stack,
  Tag,
  TextInput,
} from "@storeloop/ui";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { dayFromNow } from "./issue-form.tsx";
import { useKeepIssue } from "./keep-issue.ts";
import { PlacePicker, ProductPicker } from "./pickers.tsx";

const METRICS: ProofMetric[] = ["low_score_share", "return_rate", "feedback_per_100_orders"];
const VERDICT_TONE = { better: "success", no_evidence: "warning", worse: "danger" } as const;

export function ProofCard({ issue, open }: { issue: Issue; open: boolean }) {
  const t = useWords();
  return (
    <Card title={t.issues.proof}>
      <Stack>
        {issue.proof && <ProofView proof={issue.proof} />}
        {open && (
          <>
            <p className="sl-muted">{t.issues.proofText}</p>
            <ProofForm issue={issue} />
          </>
        )}
      </Stack>
    </Card>
  );
}

function ProofView({ proof }: { proof: Proof }) {
  const t = useWords();
  const { percent, number } = useI18n();
  const share = proof.metric !== "feedback_per_100_orders";
  const write = (value: number | null) =>
    share ? percent(value) : number(value, { maximumFractionDigits: 2 });
  const sample = (one: Sample) => (
    <>
      {write(one.value)}{" "}
      <span className="sl-caption">
        {t.issues.sample(number(one.k), number(one.n))} · <DateTime value={one.from} as="date" /> –{" "}
        <DateTime value={lastMoment(one.to)} as="date" />
      </span>
    </>
  );
  return (
    <Stack gap={2}>
      <Row>
        <strong>{t.issues.metrics[proof.metric]}</strong>
        <Tag tone={VERDICT_TONE[proof.verdict]}>{t.issues.verdicts[proof.verdict]}</Tag>
      </Row>
      <Facts
        items={[
          { label: t.issues.before, value: sample(proof.before) },
          { label: t.issues.after, value: sample(proof.after) },
          { label: t.issues.difference, value: write(proof.difference), total: true },
          {
            label: t.issues.interval,
            value: t.issues.between(write(proof.interval[0]), write(proof.interval[1])),
          },
        ]}
      />
    </Stack>
  );
}

const COMPARE_DAYS = 14;

/** From the first moment of one day to the last of another, in the reader's zone. */
function span(first: string, last: string): { from: string; to: string } {
  const end = new Date(`${last}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return { from: new Date(`${first}T00:00:00`).toISOString(), to: end.toISOString() };
}

/** The last moment of a span that ends before an instant, so that its last day is named. */
const lastMoment = (to: string) => Date.parse(to) - 1;

function ProofForm({ issue }: { issue: Issue }) {
  const t = useWords();
  const keep = useKeepIssue();
  const [metric, setMetric] = useState<ProofMetric>("low_score_share");
  const [productId, setProductId] = useState<string | null>(null);
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [beforeFrom, setBeforeFrom] = useState(dayFromNow(-2 * COMPARE_DAYS));
  const [beforeTo, setBeforeTo] = useState(dayFromNow(-COMPARE_DAYS - 1));
  const [afterFrom, setAfterFrom] = useState(dayFromNow(-COMPARE_DAYS));
  const [afterTo, setAfterTo] = useState(dayFromNow(0));
  const compute = useAction(
    (body: Parameters<typeof issueProofFile>[1], intent) => issueProofFile(issue.id, body, intent),
    { onSuccess: keep },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        compute.mutate({
          metric,
          ...(productId ? { product_id: productId } : {}),
          ...(placeId ? { place_id: placeId } : {}),
          before: span(beforeFrom, beforeTo),
          after: span(afterFrom, afterTo),
        });
      }}
    >
      <Select
        label={t.issues.metric}
        value={metric}
        onChange={setMetric}
        options={METRICS.map((value) => ({ value, label: t.issues.metrics[value] }))}
      />
      <ProductPicker
        optional
        label={t.issues.product}
        placeholder={t.issues.optional}
        value={productId}
        onChange={setProductId}
      />
      <PlacePicker
        optional
        label={t.issues.place}
        placeholder={t.issues.optional}
        value={placeId}
        onChange={setPlaceId}
      />
      <Row>
        <TextInput
          label={t.issues.first(t.issues.before)}
          type="date"
          value={beforeFrom}
          onChange={setBeforeFrom}
          max={beforeTo}
          required
        />
        <TextInput
          label={t.issues.last(t.issues.before)}
          type="date"
          value={beforeTo}
          onChange={setBeforeTo}
          min={beforeFrom}
          required
        />
      </Row>
      <Row>
        <TextInput
          label={t.issues.first(t.issues.after)}
          type="date"
          value={afterFrom}
          onChange={setAfterFrom}
          max={afterTo}
          required
        />
        <TextInput
          label={t.issues.last(t.issues.after)}
          type="date"
          value={afterTo}
          onChange={setAfterTo}
          min={afterFrom}
          required
        />
      </Row>
      <ProblemNotice error={compute.error} />
      <Row>
        <Button size="small" type="submit" busy={compute.isPending}>
          {t.issues.compute}
        </Button>
      </Row>
    </form>
  );
}
