/** Small helpers of the import tests: a throw-away folder and a complete guide. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MemoryKnowledgeRepository } from './memory-repository.ts';
import { formatProblem, type Problem } from './problem.ts';

/** Writes files into a new folder that goes away with the test; returns the folder. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'wenban-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function importOptions(pack = 'test') {
  return { pack, repository: new MemoryKnowledgeRepository(), now: 1_700_000_000_000 };
}

/** Problems as lines, errors first: `error a.yaml:3 name: is missing`. */
export function linesOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`).sort();
}

/** A guide with every mandatory element. */
export function completeGuide(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'guide',
    id: 'id-card-lost',
    name: '居民身份证补领',
    aliases: ['身份证丢了'],
    department: '安澜市公安局',
    deptCode: '11990100MB00000101',
    deptNature: 'statutory',
    audience: ['natural_person'],
    taskType: '行政确认',
    catalogCode: '9901A0010000',
    taskCode: '11990100MB0000010149901A0010000',
    useLevel: 'county',
    powerSource: 'statutory_same_level',
    caseType: 'promised',
    acceptConditions: ['身份证丢失'],
    materials: [{ name: '居民户口簿', copyType: 'original', medium: 'paper', source: 'gov_issued' }],
    process: [{ stage: '申请' }],
    specialProcedures: '无',
    statutoryLimit: { value: 60, unit: 'natural_day' },
    promisedLimit: { value: 20, unit: 'working_day' },
    isCharged: true,
    fees: [{ name: '工本费', standard: '每证 40 元', basis: '国家规定' }],
    places: [{ name: '安澜市政务服务中心', hours: '周一至周五' }],
    consultPhone: '0000-5550110',
    complaintPhone: '0000-5550111',
    visitCount: 1,
    isOnline: false,
    canPayOnline: true,
    canExpress: true,
    inHall: true,
    results: [{ type: '证照' }],
    legalBasis: [{ document: '中华人民共和国居民身份证法' }],
    ...changes,
  };
}
