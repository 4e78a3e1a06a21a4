import { type Issue, issueList, type IssueState } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, IssueStateTag, PriorityTag, Tag, useStateWords } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { dayFromNow } from "../parts/issue-form.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useColleagues } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const STATES: IssueState[] = ["open", "cause_found", "acting", "proving", "closed"];

export default function IssuesPage() {
  const t = useWords();
  const states = useStateWords();
  const { staff } = useSession();
  const { number, date } = useI18n();
  const colleagues = useColleagues().data?.items ?? [];
  const today = dayFromNow(0);
  const columns: Column<Issue>[] = [
    {
      key: "number",
      title: t.issues.number,
      render: (row) => `#${number(row.number)}`,
      text: (row) => String(row.number),
    },
    {
      key: "title",
      title: t.issues.name,
      render: (row) => <Door href={`/issues/${row.id}`}>{row.title}</Door>,
      text: (row) => row.title,
    },
    {
      key: "state",
      title: t.issues.state,
      render: (row) => <IssueStateTag state={row.state} />,
      text: (row) => states.issue[row.state],
    },
    {
      key: "priority",
      title: t.issues.priority,
      render: (row) => <PriorityTag priority={row.priority} />,
      text: (row) => states.priority[row.priority],
    },
    {
      key: "owner",
      title: t.issues.owner,
      render: (row) => row.owner_name,
      text: (row) => row.owner_name,
    },
    {
      key: "due",
      title: t.issues.due,
      render: (row) => (
        <>
          {date(`${row.due_on}T00:00:00Z`, "UTC")}{" "}
          {row.state !== "closed" && row.due_on < today && (
            <Tag tone="danger">{t.issues.overdue}</Tag>
          )}
        </>
      ),
      text: (row) => row.due_on,
    },
    {
      key: "voices",
      title: t.issues.voices,
      align: "right",
      render: (row) => number(row.feedback_count),
      text: (row) => String(row.feedback_count),
    },
    {
      key: "created",
      title: t.issues.created,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => date(row.created_at),
    },
  ];
  return (
    <ListView
      name="issues"
      title={t.issues.title}
      columns={columns}
      filters={[
        {
          key: "state",
          kind: "choice",
          label: t.issues.state,
          options: STATES.map((value) => ({ value, label: states.issue[value] })),
        },
        {
          key: "owner",
          kind: "choice",
          label: t.issues.owner,
          options: [
            { value: staff.id, label: t.issues.mine },
            ...colleagues
              .filter((one) => one.id !== staff.id)
              .map((one) => ({ value: one.id, label: one.name })),
          ],
        },
      ]}
      load={(filters, cursor) => issueList({ ...filters, cursor })}
      rowKey={(row) => row.id}
      href={(row) => `/issues/${row.id}`}
    />
  );
}
