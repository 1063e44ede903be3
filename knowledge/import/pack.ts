/** A pack folder (one city): pack.yaml, guides/*.yaml, faqs/*.yaml, policies/*.md → items with departments and halls filled in. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { digestOf } from '../digest.ts';
import { contactSchema, faqSchema, guideSchema, type KnowledgeItem, missingElements } from '../item.ts';
import { faqSourceSchema, guideSourceSchema, type PackManifest, packManifestSchema } from '../pack.ts';
import { checkEntries } from './checks.ts';
import { type FoundFile, filesIn } from './files.ts';
import { convert } from './foreign.ts';
import type { Entries, Entry } from './items.ts';
import { parseWith } from './native.ts';
import { foldRepeats, type Problem } from './problem.ts';
import { readFileRecords } from './reading.ts';
import { cleanRecord, type Path, problemAt, type RawRecord } from './record.ts';

const knowledgeFolders = ['guides', 'faqs', 'policies'] as const;

export function isPack(folder: string): boolean {
  return existsSync(join(folder, 'pack.yaml'));
}

/** The pack a single file belongs to, when it lies in a pack's guides/, faqs/ or policies/. */
export function packOfFile(file: string): string | undefined {
  const pack = dirname(dirname(resolve(file)));
  return placeOf(file) && isPack(pack) ? pack : undefined;
}

function placeOf(file: string): Place | undefined {
  return knowledgeFolders.find((name) => name === basename(dirname(resolve(file))));
}

export interface PackReading {
  /** Absent when pack.yaml itself is wrong. */
  readonly manifest?: PackManifest;
  /** Ready for `KnowledgeRepository.replacePack`; use them only when no problem is an error. */
  readonly items: { item: KnowledgeItem; digest: string }[];
  readonly problems: Problem[];
}

/** Reads and checks a whole pack folder without writing anything. Never throws for what is wrong in the files. */
export async function readPack(folder: string): Promise<PackReading> {
  const { manifest, entries, problems } = await readPackEntries(folder, { shown: (path) => relative(folder, path) });
  const findings = checkEntries(entries, { guideIds: new Set(), aliases: new Map() });
  const items = entries.map(({ item }) => ({ item, digest: digestOf(item) }));
  return { ...(manifest ? { manifest } : {}), items, problems: foldRepeats([...problems, ...findings]) };
}

/** The entries of a pack; `only` one of its files when given (then without the contacts of pack.yaml). */
export async function readPackEntries(
  folder: string,
  options: { shown: (path: string) => string; only?: string; strict?: boolean | undefined },
): Promise<Entries & { manifest?: PackManifest }> {
  const manifestFile = { path: join(folder, 'pack.yaml'), name: options.shown(join(folder, 'pack.yaml')) };
  const reading = await readFileRecords(manifestFile);
  const [first] = reading.records.map(cleanRecord);
  if (!first) return { entries: [], problems: [...reading.problems, { file: manifestFile.name, message: 'is empty', severity: 'error' }] };
  const parsed = parseWith(packManifestSchema, first.record.value, first.record);
  const problems = [...reading.problems, ...first.problems, ...parsed.problems];
  if (!parsed.item) return { entries: [], problems };
  const manifest = parsed.item;
  const strict = options.strict ?? true;
  const entries: Entry[] = options.only === undefined ? contactEntries(manifest, first.record) : [];
  const found = await packFiles(folder, options);
  problems.push(...found.problems);
  for (const { place, file } of found.files) {
    const { records, problems: broken } = await readFileRecords(file);
    problems.push(...broken);
    for (const raw of records) {
      const { record, problems: hidden } = cleanRecord(raw);
      const result = resolvers[place](record, manifest);
      problems.push(...hidden, ...result.problems);
      if (result.item) entries.push({ item: result.item, record: result.record, strict });
    }
  }
  return { manifest, entries, problems };
}

type Place = (typeof knowledgeFolders)[number];

async function packFiles(folder: string, options: { shown: (path: string) => string; only?: string }) {
  const files: { place: Place; file: FoundFile }[] = [];
  const problems: Problem[] = [];
  for (const place of knowledgeFolders) {
    if (!existsSync(join(folder, place)) || (options.only !== undefined && place !== placeOf(options.only))) continue;
    const found =
      options.only === undefined
        ? await filesIn(join(folder, place), options.shown)
        : { files: [{ path: options.only, name: options.shown(options.only) }], problems: [] };
    problems.push(...found.problems);
    const fits = place === 'policies' ? /\.md$/i : /\.ya?ml$/i;
    const wanted = `${place}/ holds ${place === 'policies' ? '.md' : '.yaml'} files`;
    for (const file of found.files) {
      if (fits.test(file.path)) files.push({ place, file });
      else problems.push({ file: file.name, message: `not read: ${wanted}`, severity: 'warning' });
    }
  }
  return { files, problems };
}

type Resolved = { item?: KnowledgeItem; record: RawRecord; problems: Problem[] };

const resolvers: Readonly<Record<Place, (record: RawRecord, manifest: PackManifest) => Resolved>> = {
  guides: resolveGuide,
  faqs: resolveFaq,
  policies: resolvePolicy,
};

function resolveGuide(record: RawRecord, manifest: PackManifest): Resolved {
  const parsed = parseWith(guideSourceSchema, record.value, record);
  if (!parsed.item) return { record, problems: parsed.problems };
  const { dept, halls, places, ...guide } = parsed.item;
  const problems: Problem[] = [];
  const department = manifest.departments.find(({ id }) => id === dept);
  if (!department) problems.push(unknownName(record, ['dept'], 'department', dept));
  const hallPlaces = halls.flatMap((named, index) => {
    const { hall: id, windowNo } = typeof named === 'string' ? { hall: named, windowNo: undefined } : named;
    const hall = manifest.halls.find((candidate) => candidate.id === id);
    if (!hall) problems.push(unknownName(record, ['halls', index], 'hall', id));
    return hall
      ? [{ name: hall.name, address: hall.address, district: hall.district, hours: hall.hours, phone: hall.phone, windowNo }]
      : [];
  });
  if (!department || problems.length > 0) return { record, problems };
  const filled = {
    ...guide,
    kind: 'guide',
    region: manifest.region,
    sample: manifest.sample,
    department: department.name,
    deptCode: department.code,
    deptNature: department.nature,
    jointDepts: guide.jointDepts.map((name) => manifest.departments.find(({ id }) => id === name)?.name ?? name),
    consultPhone: guide.consultPhone ?? department.phone,
    complaintPhone: guide.complaintPhone ?? department.complaintPhone,
    places: [...hallPlaces, ...places],
  };
  return { ...parseWith(guideSchema, filled, record), record };
}

function resolveFaq(record: RawRecord, manifest: PackManifest): Resolved {
  const parsed = parseWith(faqSourceSchema, record.value, record);
  if (!parsed.item) return { record, problems: parsed.problems };
  const { dept, ...faq } = parsed.item;
  const department = manifest.departments.find(({ id }) => id === dept);
  if (dept !== undefined && !department) return { record, problems: [unknownName(record, ['dept'], 'department', dept)] };
  const filled = {
    ...faq,
    kind: 'faq',
    region: manifest.region,
    sample: manifest.sample,
    department: department?.name,
    phone: faq.phone ?? department?.phone,
  };
  return { ...parseWith(faqSchema, filled, record), record };
}

/** A policy may say `sample: false` (a real text in a sample pack) and may be of a wider region than the pack. */
function resolvePolicy(record: RawRecord, manifest: PackManifest): Resolved {
  const converted = convert(record, 'policy');
  if (!converted.item) return converted;
  const given = record.value as Record<string, unknown>;
  const named = converted.item.department;
  const department = manifest.departments.find(({ id, name }) => id === named || name === named);
  if (given.dept !== undefined && !department) {
    return { record, problems: [...converted.problems, unknownName(record, ['dept'], 'department', String(named))] };
  }
  const sample = given.sample === undefined ? manifest.sample : converted.item.sample;
  return { ...converted, item: { ...converted.item, sample, ...(department ? { department: department.name } : {}) } };
}

function unknownName(record: RawRecord, path: Path, what: string, name: string): Problem {
  return problemAt(record, path, `pack.yaml has no ${what} “${name}”`);
}

/** Departments (`dept-…`), halls and further lines of pack.yaml as contacts one can ask for (R-091). */
function contactEntries(manifest: PackManifest, record: RawRecord): Entry[] {
  const { region, sample } = manifest;
  const at = (path: Path): RawRecord => ({ ...record, line: record.lineOf(path), lineOf: (inner) => record.lineOf([...path, ...inner]) });
  const make = (value: object, path: Path): Entry => ({
    item: contactSchema.parse({ ...value, kind: 'contact' }),
    record: at(path),
    strict: true,
  });
  const departments = manifest.departments.map(({ id, name, aliases, phone, address, hours, duties }, index) =>
    make({ id: `dept-${id}`, name, aliases, phone, address, hours, duties, region, sample }, ['departments', index]),
  );
  const halls = manifest.halls.map(({ note, ...hall }, index) => make({ ...hall, duties: note, region, sample }, ['halls', index]));
  return [...departments, ...halls, ...manifest.contacts.map((contact, index) => make(contact, ['contacts', index]))];
}

/** Label of each missing mandatory element → number of guides that lack it. */
export function countIncomplete(items: readonly KnowledgeItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    if (item.kind !== 'guide') continue;
    for (const label of missingElements(item)) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}
