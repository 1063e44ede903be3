/** What was out of order: open incidents with their due time, and how the last ones ended; whoever knows the cause writes it down. */
import { useCallback, useState } from 'preact/hooks';
import { type IncidentView, incidentName, momentOf, noteIncident, readIncidents } from '../../state/admin.ts';
import type { DeskStore } from '../../state/desk-store.ts';
import { channelName } from '../../state/words.ts';
import { Section } from './section.tsx';
import { useLooking } from './use-looking.ts';

const everyMs = 10_000;
const shown = 10;

export function Incidents({ store }: { store: DeskStore }) {
  const {
    seen: incidents,
    problem,
    act,
  } = useLooking(
    useCallback(() => readIncidents(store.client), [store]),
    everyMs,
  );
  return (
    <Section title="故障记录" problem={problem}>
      {incidents?.length === 0 && <p class="hint">还没有记录过故障。</p>}
      <ul class="admin-parts" data-testid="incidents">
        {incidents?.slice(0, shown).map((one) => (
          <Incident key={one.id} incident={one} onNote={(cause, close) => act(noteIncident(store.client, one.id, { cause, close }))} />
        ))}
      </ul>
    </Section>
  );
}

function Incident({ incident, onNote }: { incident: IncidentView; onNote: (cause: string, close: boolean) => void }) {
  const [cause, setCause] = useState('');
  const { kind, begunAt, dueAt, overdue, endedAt, endedBy } = incident;
  const open = endedAt === null;
  const end = open
    ? `${overdue ? '已超过处理时限' : '处理时限'} ${momentOf(dueAt)}`
    : `${momentOf(endedAt)} ${endedBy === null ? '自行恢复' : `由 ${endedBy} 关闭`}`;
  return (
    <li class={`admin-part ${open ? (overdue ? 'down' : 'degraded') : 'ok'}`}>
      <strong>{incidentName(kind, channelName)}</strong>
      <span class="admin-state">{open ? '处理中' : '已结束'}</span>
      <span class="hint">
        {momentOf(begunAt)} 开始，{end}
      </span>
      {incident.cause !== null && (
        <span class="hint">
          原因：{incident.cause}（{incident.notedBy}）
        </span>
      )}
      {(open || incident.cause === null) && (
        <form
          class="admin-note"
          onSubmit={(event) => {
            event.preventDefault();
            if (cause.trim() !== '') onNote(cause.trim(), open);
          }}
        >
          <input
            type="text"
            maxLength={500}
            aria-label={`${incidentName(kind, channelName)}的原因和处理`}
            placeholder="原因和处理"
            value={cause}
            onInput={(event) => setCause(event.currentTarget.value)}
          />
          <button type="submit" class="button small" disabled={cause.trim() === ''}>
            {open ? '记下并关闭' : '记下原因'}
          </button>
        </form>
      )}
    </li>
  );
}
