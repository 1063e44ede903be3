/** No container engine is needed here: the files are linted, and whatever they name must exist. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../server/paths.ts';

const root = projectRoot();
const read = (name: string) => readFileSync(join(root, name), 'utf8');
/** Keys a server can be configured with: the example file has them all, plus Node's. */
const known = new Set([...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, key = '']) => key).concat('NODE_ENV'));

describe('the container file', () => {
  const text = read('deploy/Containerfile');
  /** Instructions with their continuation lines joined. */
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('has no mistake a builder would stumble over', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it('copies only what exists, or what an earlier stage makes, and nothing the ignore file keeps away', () => {
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const stages = lines.flatMap((line) => /^FROM \S+ AS (\S+)/.exec(line)?.[1] ?? []);
    for (const line of lines.filter((one) => one.startsWith('COPY '))) {
      const from = /--from=(\S+)/.exec(line)?.[1];
      const sources = line.replace(/--\S+/g, '').trim().split(/\s+/).slice(1, -1);
      expect(sources.length).toBeGreaterThan(0);
      if (from !== undefined) {
        expect(stages).toContain(from);
        for (const source of sources) expect(source).toMatch(/^\/(src\/dist\/(server|web)|app\/node_modules)$/);
        continue;
      }
      for (const source of sources) {
        expect([source, existsSync(join(root, source))]).toEqual([source, true]);
        expect(ignored).not.toContain(source.split('/')[0]);
      }
    }
  });

  it('pins its base, runs as nobody special, writes to its volume only, and can be asked whether it lives', () => {
    for (const line of lines.filter((one) => one.startsWith('FROM '))) expect(line).toMatch(/^FROM node:\d+\.\d+\.\d+-\w+-slim\b/);
    expect(last).toContain('USER node');
    expect(last).toContain('VOLUME /data');
    expect(last.findIndex((line) => line.startsWith('USER'))).toBeLessThan(last.findIndex((line) => line.startsWith('ENTRYPOINT')));
    expect(last.filter((line) => line.startsWith('HEALTHCHECK'))).toHaveLength(1);
    expect(text).not.toMatch(/PASSWORD|SECRET|API_KEY|TOKEN/);
    const [environment = ''] = last.filter((line) => line.startsWith('ENV '));
    for (const [, key = ''] of environment.matchAll(/(\w+)=/g)) expect([...known]).toContain(key);
  });

  it('keeps what belongs to one machine away from the builder', () => {
    for (const kept of ['.git', '**/.env', '**/*.env', 'data', 'node_modules', 'dist', '.scratch'])
      expect(read('.dockerignore').split('\n')).toContain(kept);
  });
});

describe('the compose file', () => {
  const composeSchema = z.object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string().optional(),
        environment: z.record(z.string(), z.string()),
        ports: z.array(z.string()).default([]),
        restart: z.string(),
        healthcheck: z.unknown().optional(),
        security_opt: z.array(z.string()),
        volumes: z.array(z.string()),
      }),
    ),
    volumes: z.record(z.string(), z.unknown()),
  });
  const text = read('deploy/compose.yaml');
  const { services, volumes } = composeSchema.parse(parse(text));

  it('passes the linter with every rule on', () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const results = linter.lintFiles([join(root, 'deploy', 'compose.yaml')], false);
    expect(results).toHaveLength(1);
    expect(
      results.flatMap(({ messages }: { messages: { line: number; message: string }[] }) =>
        messages.map(({ line, message }) => `${line}: ${message}`),
      ),
    ).toEqual([]);
  });

  it('[R-027] has no default password: it fails with words where one is missing', () => {
    const secrets = [...text.matchAll(/\$\{(\w*(?:PASSWORD|KEY|SECRET|TOKEN)\w*)([^}]*)\}/g)];
    expect(new Set(secrets.map(([, name]) => name))).toEqual(new Set(['POSTGRES_PASSWORD', 'QDRANT_API_KEY']));
    for (const [, name, rest] of secrets) expect([name, rest]).toEqual([name, expect.stringMatching(/^:\?set \w+ in/)]);
  });

  it('gives the server only keys it knows, keeps the stores off the network outside, and everything has a health check and a volume', () => {
    for (const key of Object.keys(services.wenban?.environment ?? {})) expect([...known]).toContain(key);
    expect(services.postgres?.ports).toEqual([]);
    expect(services.qdrant?.ports).toEqual([]);
    expect(services.wenban?.ports).toEqual(['127.0.0.1:3978:3978']);
    for (const [name, service] of Object.entries(services)) {
      // The server's check is part of its image.
      if (name !== 'wenban') expect([name, service.healthcheck]).toEqual([name, expect.objectContaining({ test: expect.anything() })]);
      if (service.image !== undefined) expect(service.image).toMatch(/:v?\d+\.\d+/);
      expect(service.security_opt).toContain('no-new-privileges:true');
      for (const volume of service.volumes) expect(volumes).toHaveProperty(volume.split(':')[0] ?? '');
    }
  });
});

describe('the systemd unit', () => {
  const unit = join(root, 'deploy', 'wenban.service');
  const analyse = (...parameters: string[]) => spawnSync('systemd-analyze', parameters, { encoding: 'utf8' });
  const missing = analyse('--version').error !== undefined;

  it('sets only keys the server knows, and starts what the build makes', () => {
    const text = readFileSync(unit, 'utf8');
    for (const [, key = ''] of text.matchAll(/^Environment=(\w+)=/gm)) expect([...known]).toContain(key);
    expect(text).toMatch(/^ExecStart=\/usr\/bin\/node .*\/dist\/server\/wenban\.js serve$/m);
    expect(read('scripts/build-server.mjs')).toContain("wenban: 'server/main.ts'");
  });

  it.skipIf(missing)(
    'is well exposed to nothing: systemd-analyze security says at most 2.0 of 10 (skipped without systemd-analyze)',
    () => {
      const answer = analyse('security', '--offline=true', '--threshold=20', unit);
      expect([answer.status, answer.stdout.split('\n').findLast((line) => line.includes('exposure'))]).toEqual([0, expect.anything()]);
    },
  );
});
