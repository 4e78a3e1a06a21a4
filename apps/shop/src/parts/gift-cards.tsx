/** Gift cards of an order that waits for its money: those that pay a part, and room for one more. */
import {
  giftCardBalance,
  type Order,
  orderGiftCardPay,
  orderGiftCardTakeOut,
  type Payment,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Money, ProblemNotice, Row, Stack, TextInput, toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { giftCardsOf } from "../state/order.ts";
import { useWords } from "../words/index.ts";

type Props = { order: Order; token: string | undefined };

export function GiftCards({ order, token }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["order", order.id] });
  const pay = useAction(
    (card: Typed, intent) => orderGiftCardPay(order.id, card, { token }, intent),
    {
      onSuccess: () => {
        setOpen(false);
        toast(t.gift.used);
        return refresh();
      },
    },
  );
  const cards = giftCardsOf(order);
  return (
    <Stack gap={2}>
      {cards.map((payment) => (
        <Kept key={payment.id} order={order} token={token} payment={payment} onDone={refresh} />
      ))}
      {open ? (
        <CardForm error={pay.error} busy={pay.isPending} onUse={(card) => pay.mutate(card)} />
      ) : (
        <Button size="small" icon="gift" onClick={() => setOpen(true)}>
          {cards.length > 0 ? t.gift.another : t.gift.use}
        </Button>
      )}
    </Stack>
  );
}

type KeptProps = Props & { payment: Payment; onDone: () => Promise<void> };

function Kept({ order, token, payment, onDone }: KeptProps) {
  const t = useWords();
  const takeOut = useAction(
    (_: undefined, intent) => orderGiftCardTakeOut(order.id, payment.id, { token }, intent),
    { onSuccess: onDone },
  );
  return (
    <Stack gap={1}>
      <Row between nowrap>
        <span>
          {t.gift.card} <span className="sl-mono">···· {payment.label}</span>
        </span>
        <Row nowrap>
          <span>
            −<Money value={payment.amount} />
          </span>
          <Button
            size="small"
            kind="quiet"
            busy={takeOut.isPending}
            onClick={() => takeOut.mutate(undefined)}
          >
            {t.gift.takeOut}
          </Button>
        </Row>
      </Row>
      <ProblemNotice error={takeOut.error} />
    </Stack>
  );
}

type Typed = { number: string; pin: string };
type CardFormProps = {
  error: Error | null;
  busy: boolean;
  /** Absent where only the balance is asked for. */
  onUse?: (card: Typed) => void;
};

/** A number and a PIN: what is on the card, and where it may pay, the button that does. */
export function CardForm({ error, busy, onUse }: CardFormProps) {
  const t = useWords();
  const { date } = useI18n();
  const [number, setNumber] = useState("");
  const [pin, setPin] = useState("");
  const typed = { number: number.trim(), pin: pin.trim() };
  const isWhole = typed.number !== "" && typed.pin !== "";
  const look = useAction((card: Typed, intent) => giftCardBalance(card, intent));
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    look.reset();
  };
  return (
    <form
      className="sl-stack sl-stack--2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        if (onUse) onUse(typed);
        else look.mutate(typed);
      }}
    >
      <TextInput
        label={t.gift.number}
        hint={t.gift.numberHint}
        value={number}
        onChange={change(setNumber)}
        autoComplete="off"
        autoCapitalize="characters"
        maxLength={64}
        required
      />
      <TextInput
        label={t.gift.pin}
        value={pin}
        onChange={change(setPin)}
        inputMode="numeric"
        autoComplete="off"
        maxLength={16}
        required
      />
      {look.data && (
        <p role="status">
          {t.gift.available} <Money value={look.data.available} />
          {look.data.expires_at && (
            <span className="sl-small sl-muted"> · {t.gift.until(date(look.data.expires_at))}</span>
          )}
        </p>
      )}
      <ProblemNotice error={error ?? look.error} />
      {onUse && (
        <Button kind="primary" type="submit" busy={busy} disabled={!isWhole}>
          {t.gift.go}
        </Button>
      )}
      <Button
        type={onUse ? "button" : "submit"}
        kind={onUse ? "secondary" : "primary"}
        busy={look.isPending}
        disabled={!isWhole}
        {...(onUse ? { onClick: () => look.mutate(typed) } : {})}
      >
        {t.gift.look}
      </Button>
    </form>
  );
}
