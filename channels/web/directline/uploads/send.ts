/** Bytes as the answer to a request, also in part: browsers play sound and films only where they may ask for a range (RFC 9110, 14). */
import type { Request, Response } from 'express';

/** Sends `bytes`; type and disposition are set already. `tag` names this content. One range is answered with 206, one outside with 416. */
export function sendBytes(request: Request, response: Response, bytes: Buffer, tag: string): void {
  response.set({ 'Accept-Ranges': 'bytes', ETag: `"${tag}"` });
  const condition = request.get('if-range');
  const ranges = condition === undefined || condition === `"${tag}"` ? request.range(bytes.length) : undefined;
  if (ranges === -1) {
    response.status(416).set('Content-Range', `bytes */${bytes.length}`).end();
    return;
  }
  const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : [];
  if (range === undefined) {
    response.send(bytes);
    return;
  }
  response
    .status(206)
    .set('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`)
    .send(bytes.subarray(range.start, range.end + 1));
}
