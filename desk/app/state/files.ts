/** Files of the open conversation: where the desk opens them, and how large they are. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { DeskClient } from './client.ts';
import { type FileInfo, fileAddress, readFiles } from './supervise.ts';

export interface Files {
  addressOf(id: string): string;
  infoOf(id: string): Promise<FileInfo | undefined>;
}

const none: Files = { addressOf: (id) => id, infoOf: async () => undefined };
export const FilesContext = createContext<Files>(none);
export const useFiles = (): Files => useContext(FilesContext);

/** The files of a conversation; the list is read when something is asked for that it does not have. */
export function filesOf(client: DeskClient, conversationId: string): Files {
  let reading: Promise<readonly FileInfo[]> | undefined;
  const read = async (): Promise<readonly FileInfo[]> => {
    const answer = await readFiles(client, conversationId);
    return answer.ok ? answer.value : [];
  };
  return {
    addressOf: (id) => fileAddress(conversationId, id),
    infoOf: async (id) => {
      const known = reading && (await reading).find((one) => one.id === id);
      if (known) return known;
      reading = read();
      return (await reading).find((one) => one.id === id);
    },
  };
}
