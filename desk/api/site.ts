/** Where the site is reached from outside, as far as it is known; https makes cookies Secure. */
export function siteOf({ publicUrl }: { readonly publicUrl?: string | undefined }): { origin: string | undefined; secure: boolean } {
  const origin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  return { origin, secure: origin?.startsWith('https:') ?? false };
}
