import { isProblem, type Survey, surveyAnswer, surveyGet, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  EmptyState,
  Loading,
  PageHeader,
  ProblemNotice,
  QueryView,
  Skeleton,
  Stack,
  TextArea,
  type Topic,
  useStateWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useParams } from "wouter";
import { ScoreInput } from "../parts/score-input.tsx";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

const TOPICS: Topic[] = [
  "quality",
  "packaging",
  "shade",
  "staff",
  "wait",
  "delivery",
  "stock",
  "price",
];

export default function SurveyPage() {
  const { token = "" } = useParams<{ token: string }>();
  const t = useWords();
  const survey = useQuery({ queryKey: ["survey", token], queryFn: () => surveyGet(token) });
  useTitle(t.survey.title);
  return (
    <div className="shop-narrow">
      <QueryView
        query={survey}
        skeleton={
          <Loading>
            <Skeleton lines={3} />
            <Skeleton height="8rem" />
          </Loading>
        }
      >
        {(data) => <SurveyView survey={data} token={token} />}
      </QueryView>
    </div>
  );
}

function SurveyView({ survey, token }: { survey: Survey; token: string }) {
  const t = useWords();
  if (survey.state === "answered") {
    return (
      <EmptyState
        icon="check"
        title={t.survey.answered}
        action={<Button href="/">{t.notFound.home}</Button>}
      >
        {survey.answered && t.survey.yourScore(survey.answered.score)}
      </EmptyState>
    );
  }
  if (survey.state === "closed") {
    return (
      <EmptyState
        icon="clock"
        title={t.survey.closed}
        action={<Button href="/voice">{t.voice.title}</Button>}
      >
        {t.survey.closedText}
      </EmptyState>
    );
  }
  return <SurveyForm survey={survey} token={token} />;
}

function SurveyForm({ survey, token }: { survey: Survey; token: string }) {
  const t = useWords();
  const states = useStateWords();
  const { text, list } = useI18n();
  const client = useQueryClient();
  const [score, setScore] = useState<number | null>(null);
  const [words, setWords] = useState("");
  const [topics, setTopics] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const send = useAction(
    (answer: { score: number; text?: string; topics?: string[] }, intent) =>
      surveyAnswer(token, answer, intent),
    {
      onError: (error) => {
        if (isProblem(error, "survey.already_answered")) {
          void client.invalidateQueries({ queryKey: ["survey", token] });
        }
      },
    },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (score === null) return;
    send.mutate({
      score,
      ...(words.trim() ? { text: words.trim() } : {}),
      ...(topics.length > 0 ? { topics } : {}),
    });
  }

  if (send.isSuccess) {
    return (
      <EmptyState
        icon="check"
        title={t.survey.thanks}
        action={<Button href="/voice">{t.me.voices}</Button>}
      >
        {t.survey.thanksText}
      </EmptyState>
    );
  }
  const where = survey.place_name ? ` ${t.survey.at(text(survey.place_name))}` : "";
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <PageHeader title={text(survey.question) || t.survey.title} />
        <p className="sl-muted">
          {t.survey.order(survey.order_number)}
          {where}
          {survey.product_names.length > 0 && ` · ${list(survey.product_names.map(text))}`}
        </p>
        <Card>
          <Stack gap={6}>
            <ScoreInput
              label={t.voice.score}
              value={score}
              onChange={setScore}
              error={tried && score === null ? t.survey.needScore : undefined}
            />
            <fieldset className="sl-field">
              <legend className="sl-field__label">{t.survey.topics}</legend>
              <div className="sl-chips">
                {TOPICS.map((topic) => (
                  <label key={topic} className="sl-chip">
                    <input
                      type="checkbox"
                      checked={topics.includes(topic)}
                      onChange={(event) =>
                        setTopics(
                          event.target.checked
                            ? [...topics, topic]
                            : topics.filter((each) => each !== topic),
                        )
                      }
                    />
                    {states.topic[topic]}
                  </label>
                ))}
              </div>
            </fieldset>
            <TextArea
              label={t.survey.text}
              hint={t.survey.textHint}
              optional
              maxLength={2_000}
              value={words}
              onChange={setWords}
            />
            <ProblemNotice error={send.error} />
            <Button kind="primary" block type="submit" busy={send.isPending}>
              {t.survey.submit}
            </Button>
          </Stack>
        </Card>
      </Stack>
    </form>
  );
}
