import { issueOpen, type IssuePriority, useAction } from "@storeloop/api";
import { Button, ProblemNotice, RadioGroup, TextInput, toast, useStateWords } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { StaffPicker } from "./pickers.tsx";

const PRIORITIES: IssuePriority[] = ["low", "normal", "high", "urgent"];
const DAYS_TO_FIX = 7;

/** A calendar day from today, in the reader's zone. */
export function dayFromNow(days: number): string {
  const at = new Date();
  at.setDate(at.getDate() + days);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** From voices to a problem with an owner and a date. */
export function IssueForm({ title, feedbackIds }: { title: string; feedbackIds: string[] }) {
  const t = useWords();
  const states = useStateWords();
  const { staff } = useSession();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState(title);
  const [owner, setOwner] = useState<string | null>(staff.id);
  const [due, setDue] = useState(dayFromNow(DAYS_TO_FIX));
  const [priority, setPriority] = useState<IssuePriority>("normal");
  const create = useAction(
    (body: Parameters<typeof issueOpen>[0], intent) => issueOpen(body, intent),
    {
      onSuccess: async (issue) => {
        toast(t.issues.created_);
        await queries.invalidateQueries({ queryKey: ["feedback"] });
        navigate(`/issues/${issue.id}`);
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!owner) return;
        create.mutate({
          title: name.trim(),
          feedback_ids: feedbackIds,
          priority,
          owner_id: owner,
          due_on: due,
        });
      }}
    >
      <TextInput label={t.issues.name} value={name} onChange={setName} required maxLength={200} />
      <StaffPicker label={t.issues.owner} value={owner} onChange={setOwner} />
      <TextInput label={t.issues.due} type="date" value={due} onChange={setDue} required />
      <RadioGroup
        look="chips"
        label={t.issues.priority}
        value={priority}
        onChange={setPriority}
        options={PRIORITIES.map((value) => ({ value, label: states.priority[value] }))}
      />
      <ProblemNotice error={create.error} />
      <Button kind="primary" type="submit" busy={create.isPending} disabled={!owner}>
        {t.issues.create}
      </Button>
    </form>
  );
}
