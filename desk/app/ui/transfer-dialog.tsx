/** Passing a conversation on: to a skill group's queue or straight to a colleague on duty. */
import { useEffect, useState } from 'preact/hooks';
import { readColleagues } from '../state/supervise.ts';
import { skillName } from '../state/words.ts';
import { type ActionDialogProps, useAction } from './action-dialogs.tsx';
import { Dialog } from './dialog.tsx';

export function TransferDialog(props: ActionDialogProps) {
  const { busy, run } = useAction(props);
  const [targets, setTargets] = useState<{ agents: string[]; skills: string[] }>({ agents: [], skills: ['general'] });
  const [target, setTarget] = useState('skill:general');
  const [note, setNote] = useState('');
  useEffect(() => {
    void readColleagues(props.store.client).then(setTargets);
  }, [props.store]);

  const confirm = () => {
    const name = target.slice(target.indexOf(':') + 1);
    run({ kind: 'transfer', target: target.startsWith('user:') ? { user: name } : { skill: name }, note: note.trim() });
  };
  return (
    <Dialog title="转接给谁？" confirm="转接" busy={busy} onConfirm={confirm} onCancel={props.onDone}>
      <label class="field">
        <span>转给</span>
        <select value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
          <optgroup label="技能组（重新排队，保留等候时间）">
            {targets.skills.map((skill) => (
              <option key={skill} value={`skill:${skill}`}>
                {skillName(skill)}
              </option>
            ))}
          </optgroup>
          {targets.agents.length > 0 && (
            <optgroup label="在线同事（接手前仍由您负责）">
              {targets.agents.map((agent) => (
                <option key={agent} value={`user:${agent}`}>
                  {agent}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label class="field">
        <span>给同事的备注</span>
        <textarea
          rows={3}
          maxLength={500}
          value={note}
          placeholder="已经核实了什么，还差什么"
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}
