/** Types of build-web.mjs, for tests and the command line. */

export interface BuiltFile {
  readonly name: string;
  /** Bytes. */
  readonly raw: number;
  readonly gzip: number;
}

export interface BuiltWeb {
  readonly outDir: string;
  readonly sizes: readonly BuiltFile[];
  /** Whether the widget keeps to WIDGET_GZIP_LIMIT. */
  readonly withinLimit: boolean;
}

/** The most the widget may weigh, gzipped, in bytes. */
export const WIDGET_GZIP_LIMIT: number;

/** Builds widget, portal and desk into `outDir` (default dist/web), replacing what stood there. */
export function buildWeb(options?: { outDir?: string }): Promise<BuiltWeb>;
