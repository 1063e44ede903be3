/** The icons, drawn in 24 × 24 with the colour of the text around them. All decorative: the words stand beside or in a label. */
import type { ComponentChildren } from 'preact';

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

const icon = (path: string) => (props: { size?: number }) => (
  <Icon {...props}>
    <path d={path} />
  </Icon>
);

export const MinimiseIcon = icon('M6 9l6 6 6-6');
export const DownIcon = icon('M12 5v14M6 13l6 6 6-6');
export const SendIcon = icon('M4.5 12L20 4.5 15.5 20l-3.6-6.4zM11.9 13.6L20 4.5');
export const ClipIcon = icon('M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8');
export const CopyIcon = icon('M9 9h10v11H9zM5 15V4h10');
export const FlagIcon = icon('M6 21V4M6 4.5h11l-2.2 4 2.2 4H6');
export const CheckIcon = icon('M5 12.5l4.5 4.5L19 7');
export const AlertIcon = icon('M12 8v5M12 16.5v.01M12 3.5l9.5 16.5h-19z');
export const FileIcon = icon('M6 3h8l4 4v14H6zM14 3v4h4');
export const LinkIcon = icon('M9 6H6v12h12v-3M13 5h6v6M19 5l-9 9');
export const CloseIcon = icon('M6 6l12 12M18 6L6 18');
export const RestartIcon = icon('M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4');

export function PersonIcon({ size = 20 }: { size?: number }) {
  return (
    <Icon size={size}>
      <path d="M4.5 13.5v-1.7a7.5 7.5 0 0 1 15 0v1.7M19.5 16.5c0 2.3-2.6 3.7-6 3.7" />
      <rect x="3.5" y="12.5" width="3.6" height="5.6" rx="1.6" />
      <rect x="16.9" y="12.5" width="3.6" height="5.6" rx="1.6" />
    </Icon>
  );
}

/** The mark of the assistant: a speech bubble with the three strokes of a document. */
export function MarkIcon({ size = 24 }: { size?: number }) {
  return (
    <Icon size={size}>
      <path d="M5.5 4h13A2.5 2.5 0 0 1 21 6.5v8a2.5 2.5 0 0 1-2.5 2.5H12l-4.5 4v-4h-2A2.5 2.5 0 0 1 3 14.5v-8A2.5 2.5 0 0 1 5.5 4z" />
      <path d="M8 8.700h8M8 12.300h5" />
    </Icon>
  );
}

const MOUTHS: Readonly<Record<number, string>> = {
  1: 'M8 16.6q4-4.4 8 0',
  2: 'M8.5 16q3.5-2.4 7 0',
  3: 'M8.5 15.300h7',
  4: 'M8.5 14.5q3.5 2.8 7 0',
  5: 'M7.8 13.700q4.2 5.2 8.4 0z',
};

/** A face for a level of satisfaction from 1 to 5. */
export function FaceIcon({ level, size = 32 }: { level: number; size?: number }) {
  return (
    <Icon size={size}>
      <circle cx="12" cy="12" r="9.2" />
      <path d="M9 9.300v.6M15 9.300v.6" />
      <path d={MOUTHS[level] ?? ''} />
    </Icon>
  );
}
