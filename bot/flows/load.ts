/** Reads the flows of a pack: one YAML file each, `flows/*.yaml`. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { fieldName } from '../../knowledge/import/problem.ts';
import { checkFlow, type FlowProblem, type KnownGuide } from './check.ts';
import { type Flow, flowSchema } from './schema.ts';

export interface FlowFileProblem extends FlowProblem {
  /** The file's name inside the folder. */
  readonly file: string;
}

/**
 * Loads every flow in `dir`, by file name. A flow with a problem is left out and its problems are listed; a folder that doesn't
 * exist has no flows. With `guides`, references to guides and scenarios are checked too.
 */
export async function loadFlows(
  dir: string,
  options: { guides?: readonly KnownGuide[] } = {},
): Promise<{ flows: Flow[]; problems: FlowFileProblem[] }> {
  const flows: Flow[] = [];
  const problems: FlowFileProblem[] = [];
  for (const file of await flowFiles(dir)) {
    const read = readFlow(await readFile(path.join(dir, file), 'utf8'));
    const found = read.flow ? checkFlow(read.flow, options) : read.problems;
    if (read.flow && flows.some((flow) => flow.id === read.flow?.id))
      found.push({ path: 'id', message: `another file already has the flow ${read.flow.id}` });
    if (read.flow && found.length === 0) flows.push(read.flow);
    problems.push(...found.map((problem) => ({ file, ...problem })));
  }
  return { flows, problems };
}

/** Reads one flow from YAML text. */
export function readFlow(source: string): { flow: Flow; problems: [] } | { flow?: never; problems: FlowProblem[] } {
  let value: unknown;
  try {
    value = parse(source);
  } catch (error) {
    return { problems: [{ path: '', message: `not valid YAML: ${(error as Error).message.split('\n')[0]}` }] };
  }
  const parsed = flowSchema.safeParse(value);
  return parsed.success ? { flow: parsed.data, problems: [] } : { problems: parsed.error.issues.flatMap((issue) => explain(issue, [])) };
}

async function flowFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * zod reports a failed union as all its members' issues; an editor meant one of them. That is the one with the fewest issues,
 * unless even that lacks its main field: then the union's own words say what is possible.
 */
function explain(issue: z.core.$ZodIssue, base: readonly PropertyKey[]): FlowProblem[] {
  const at = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a));
    const unlike = closest.length > 1 && closest.some((one) => one.code === 'unrecognized_keys' && one.path.length === 0);
    if (!unlike && closest.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys'))
      return closest.flatMap((one) => explain(one, at));
  }
  return [{ path: fieldName(at), message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}
