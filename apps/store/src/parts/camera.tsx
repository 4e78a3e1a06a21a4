import { Button, Notice, Stack } from "@storeloop/ui";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../words/index.ts";

/** The browser's own reader (Shape Detection API); phones with Chrome have it, others fall back to typing. */
type Detector = { detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> };
declare global {
  interface Window {
    BarcodeDetector?: new (options: { formats: string[] }) => Detector;
  }
}

const FORMATS = ["qr_code", "ean_13", "ean_8", "upc_a", "code_128"];
const LOOK_EVERY_MS = 150;

type Trouble = "none" | "refused";

/** Shows what the camera sees until it reads a code. */
export function Camera({ onCode, onStop }: { onCode: (code: string) => void; onStop: () => void }) {
  const t = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<Trouble>("none");
  const found = useRef(onCode);
  useEffect(() => {
    found.current = onCode;
  });
  const able = "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

  useEffect(() => {
    const Reader = window.BarcodeDetector;
    const screen = video.current;
    if (!able || !Reader || !screen) return;
    const reader = new Reader({ formats: FORMATS });
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      // A frame that cannot be read is followed by another.
      const codes = await reader.detect(screen).catch(() => []);
      const code = codes[0]?.rawValue.trim();
      if (over) return;
      if (code) found.current(code);
      else timer = setTimeout(look, LOOK_EVERY_MS);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: "environment" } })
      .then(async (opened) => {
        stream = opened;
        if (over) return opened.getTracks().forEach((track) => track.stop());
        screen.srcObject = opened;
        await screen.play();
        return look();
      })
      .catch(() => setTrouble("refused"));
    return () => {
      over = true;
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [able]);

  return (
    <Stack>
      {!able && <Notice tone="warning">{t.scan.noCamera}</Notice>}
      {trouble === "refused" && <Notice tone="warning">{t.scan.cameraRefused}</Notice>}
      {able && trouble === "none" && (
        <video ref={video} className="store-camera" muted playsInline />
      )}
      <Button icon="close" block onClick={onStop}>
        {t.scan.stop}
      </Button>
    </Stack>
  );
}
