/** Notes that colleagues leave on a conversation; the citizen never sees them. A supervisor's note is a whisper to who holds it. */
import { z } from 'zod';
import { listNotes, type Note } from '../../bot/store/notes.ts';
import { noteSchema } from './answers.ts';
import { looksAt } from './looks.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema, writeNoteSchema } from './schemas.ts';
import { visibleConversation } from './visible.ts';

const params = z.object({ id: conversationIdSchema });
const unknown = { 404: ['unknown_conversation'] };
const noteView = ({ id, staff, text, createdAt }: Note) => ({ id, staff, text, createdAt: new Date(createdAt).toISOString() });

export function noteRoutes({ database, desk, now }: Pick<DeskApiOptions, 'database' | 'desk' | 'now'>): Route[] {
  const looks = looksAt({ database, now });
  const at = { path: '/conversations/{id}/notes', roles: agents, params, errors: unknown };
  return [
    route(
      { method: 'get', ...at, summary: 'Notes of colleagues, oldest first', response: z.array(noteSchema) },
      async ({ params: { id }, staff }) => {
        await visibleConversation(database.db, id, staff);
        await looks(staff.name, 'notes', id);
        return (await listNotes(database.db, id)).map(noteView);
      },
    ),
    route(
      {
        method: 'post',
        ...at,
        summary: 'Leave a note for colleagues; whoever holds the conversation sees it at once',
        body: writeNoteSchema,
        response: noteSchema,
      },
      async ({ params: { id }, body: { text }, staff }) => {
        await visibleConversation(database.db, id, staff);
        await looks(staff.name, 'add_note', id);
        return noteView(await desk.note(id, staff.name, text));
      },
    ),
  ];
}
