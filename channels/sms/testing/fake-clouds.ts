/** Aliyun, Tencent Cloud and Twilio as one HTTP server for tests: they check what they get as the real ones do, and can be out of order. */
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { aliyunSignature } from '../providers/aliyun.ts';
import { tencentAuthorization } from '../providers/tencent.ts';

export interface CloudSms {
  readonly to: string;
  /** The number or extension it came from. */
  readonly from: string;
  /** As the phone shows it: templates filled in, signature in front. */
  readonly text: string;
  readonly id: string;
  /** Our key, where the provider echoes it. */
  readonly key?: string;
}

/** Template texts; `{name}` and `{1}` are filled in (Aliyun writes a $ before). */
const templateTexts: Record<string, string> = {
  SMS_PAGE: '您咨询的{matter}已有答复，请打开 https://zwfw.anlan.example/dx 输入短码{code}查看。回0转人工。',
  SMS_SHORT: '{text}，回0转人工。',
  SMS_RATING: '请评价本次服务，回一个数字：5非常满意 4满意 3基本满意 2不满意 1非常不满意',
  SMS_OUT: '已退订，不再给您发短信。想恢复请回“恢复”。',
  SMS_FOLLOW: '回访：您咨询的{matter}解决了吗？回1解决了，回2没解决。',
  '1001': '您咨询的{1}已有答复，请打开 https://zwfw.anlan.example/dx 输入短码{2}查看。回0转人工。',
  '1002': '{1}，回0转人工。',
  '1003': '请评价本次服务，回一个数字：5非常满意 4满意 3基本满意 2不满意 1非常不满意',
  '1004': '已退订，不再给您发短信。',
  '1005': '回访：您咨询的{1}解决了吗？回1解决了，回2没解决。',
};

export const aliyunKeys = { id: 'testId', secret: 'testSecret' };
export const tencentKeys = { id: 'AKIDtest', secret: 'testKey' };
export const twilioKeys = { sid: `AC${'0'.repeat(32)}`, token: '12345' };

export type Trouble =
  /** Answers with this HTTP status and takes nothing. */
  | { readonly status: number }
  /** Takes the message, and cuts the line instead of answering. */
  | { readonly cut: true }
  /** Refuses with the provider's own code. */
  | { readonly code: string };

export type FakeClouds = Awaited<ReturnType<typeof startClouds>>;

export async function startClouds() {
  const sent: CloudSms[] = [];
  const problems: string[] = [];
  const troubles: Trouble[] = [];
  let requests = 0;
  let down = false;
  let count = 0;
  const app = express();
  app.use((request, _response, next) => {
    if (down) request.socket.destroy();
    else next();
  });
  app.use(express.text({ type: () => true, limit: '1mb' }));

  /** Takes a message, or is out of order. */
  function take(
    request: Request,
    response: Response,
    sms: Omit<CloudSms, 'id'>,
    good: (id: string) => object,
    bad: (code: string) => [number, object],
  ) {
    requests++;
    const trouble = troubles.shift();
    if (trouble && 'status' in trouble) return void response.status(trouble.status).json({});
    if (trouble && 'code' in trouble) {
      const [status, body] = bad(trouble.code);
      return void response.status(status).json(body);
    }
    const id = `SM${String(++count).padStart(32, '0')}`;
    sent.push({ ...sms, id });
    if (trouble) request.socket.destroy();
    else response.json(good(id));
  }

  app.post('/aliyun/', (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams(request.body));
    const { Signature, ...signed } = fields;
    if (Signature !== aliyunSignature('POST', signed, aliyunKeys.secret)) problems.push('Aliyun: wrong signature');
    if (fields.Action === 'QuerySendDetails') {
      const found = sent.filter((sms) => sms.to === fields.PhoneNumber).map((sms) => ({ OutId: sms.key, PhoneNum: sms.to }));
      response.json({ Code: 'OK', SmsSendDetailDTOs: { SmsSendDetailDTO: found }, TotalCount: found.length });
      return;
    }
    const values = JSON.parse(fields.TemplateParam ?? '{}') as Record<string, string>;
    const text = filled(fields.TemplateCode ?? '', (name) => values[name]);
    take(
      request,
      response,
      { to: fields.PhoneNumbers ?? '', from: fields.SmsUpExtendCode ?? '', text: `【${fields.SignName}】${text}`, key: fields.OutId ?? '' },
      (id) => ({ Code: 'OK', Message: 'OK', BizId: id, RequestId: id }),
      (code) => [200, { Code: code, Message: 'no' }],
    );
  });

  app.post('/tencent/', (request, response) => {
    const body = request.body as string;
    const json = JSON.parse(body) as {
      PhoneNumberSet: string[];
      TemplateId: string;
      SignName: string;
      TemplateParamSet: string[];
      ExtendCode?: string;
    };
    const expected = tencentAuthorization({
      secretId: tencentKeys.id,
      secretKey: tencentKeys.secret,
      host: request.headers.host ?? '',
      service: 'sms',
      timestamp: Number(request.get('X-TC-Timestamp')),
      body,
    });
    if (request.get('Authorization') !== expected || request.get('X-TC-Action') !== 'SendSms') problems.push('Tencent: wrong signature');
    const text = filled(json.TemplateId, (name) => json.TemplateParamSet[Number(name) - 1]);
    const to = json.PhoneNumberSet[0] ?? '';
    const status = (code: string, id: string) => ({
      Response: { RequestId: id, SendStatusSet: [{ SerialNo: id, PhoneNumber: to, Fee: 1, Code: code, Message: code }] },
    });
    take(
      request,
      response,
      { to: to.replace(/^\+86/, ''), from: json.ExtendCode ?? '', text: `【${json.SignName}】${text}` },
      (id) => status('Ok', id),
      (code) => [200, status(code, '')],
    );
  });

  const messages = `/twilio/2010-04-01/Accounts/${twilioKeys.sid}/Messages.json`;
  const authorized = (request: Request) =>
    request.get('Authorization') === `Basic ${Buffer.from(`${twilioKeys.sid}:${twilioKeys.token}`).toString('base64')}`;
  app.get(messages, (request, response) => {
    const found = sent.filter((sms) => sms.to === request.query.To);
    response.json({
      messages: found.map((sms) => ({ sid: sms.id, body: sms.text, to: sms.to, date_created: new Date(8.64e15).toUTCString() })),
    });
  });
  app.post(messages, (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams(request.body));
    if (!authorized(request)) problems.push('Twilio: wrong account');
    if ((fields.Body ?? '').length > 1600) problems.push('Twilio: too long');
    take(
      request,
      response,
      { to: fields.To ?? '', from: fields.From ?? '', text: fields.Body ?? '' },
      (id) => ({ sid: id, status: 'queued' }),
      (code) => [400, { code: Number(code), status: 400 }],
    );
  });

  function filled(template: string, value: (name: string) => string | undefined): string {
    const text = templateTexts[template];
    if (text === undefined) problems.push(`no template ${template}`);
    return (text ?? '').replace(/\{(\w+)\}/g, (_, name: string) => {
      const one = value(name);
      if (one === undefined) problems.push(`${template}: ${name} is missing`);
      if (one !== undefined && (one.length > 35 || /【|】|https?:|\d{9,}|\d{3,4}-\d{7}/.test(one)))
        problems.push(`${template}: ${name} may not be ${one}`);
      return one ?? '';
    });
  }

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    sent,
    /** What was wrong with what we sent. */
    problems,
    requests: () => requests,
    troubleNext: (...next: Trouble[]) => void troubles.push(...next),
    setDown: (value: boolean) => {
      down = value;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
