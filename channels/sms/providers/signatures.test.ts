import { describe, expect, it } from 'vitest';
import { aliyunSignature } from './aliyun.ts';
import { tencentAuthorization } from './tencent.ts';
import { validTwilioSignature } from './twilio.ts';

describe('Aliyun', () => {
  it('signs as the published example', () => {
    const parameters = {
      AccessKeyId: 'testId',
      Action: 'SendSms',
      Format: 'XML',
      OutId: '123',
      PhoneNumbers: '15300000001',
      RegionId: 'cn-hangzhou',
      SignName: '阿里云短信测试专用',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '45e25e9b-0a6f-4070-8c85-2956eda1b466',
      SignatureVersion: '1.0',
      TemplateCode: 'SMS_71390007',
      TemplateParam: '{"customer":"test"}',
      Timestamp: '2017-07-12T02:42:19Z',
      Version: '2017-05-25',
    };
    expect(aliyunSignature('GET', parameters, 'testSecret')).toBe('zJDF+Lrzhj/ThnlvIToysFRq6t4=');
  });
});

describe('Tencent Cloud', () => {
  it('signs as the published example', () => {
    const authorization = tencentAuthorization({
      secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******',
      secretKey: 'Gu5t9xGARNpq86cd98joQYCN3*******',
      host: 'cvm.tencentcloudapi.com',
      service: 'cvm',
      timestamp: 1551113065,
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    });
    expect(authorization).toBe(
      'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, ' +
        'SignedHeaders=content-type;host, Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
    );
  });
});

describe('Twilio', () => {
  const url = 'https://bot.example.gov.cn/sms/twilio';
  const fields = () =>
    new URLSearchParams({
      MessageSid: 'SM00000000000000000000000000000001',
      From: '+8613800000000',
      To: '+15550001111',
      Body: '社保卡',
      NumMedia: '0',
    });
  const signature = 'gViE3lYHLbVPzCCtp8aXVxFncOA=';
  it('accepts the vector, with and without the default port', () => {
    expect(validTwilioSignature(signature, '12345', url, fields())).toBe(true);
    expect(validTwilioSignature(signature, '12345', 'https://bot.example.gov.cn:443/sms/twilio', fields())).toBe(true);
  });
  it('refuses a changed or added field, another address, another token and no signature', () => {
    const changed = fields();
    changed.set('Body', '社保');
    const added = fields();
    added.set('Extra', '');
    for (const wrong of [changed, added]) expect(validTwilioSignature(signature, '12345', url, wrong)).toBe(false);
    expect(validTwilioSignature(signature, '12345', `${url}?a=1`, fields())).toBe(false);
    expect(validTwilioSignature(signature, '12345', url.replace('bot', 'bat'), fields())).toBe(false);
    expect(validTwilioSignature(signature, '12346', url, fields())).toBe(false);
    expect(validTwilioSignature(undefined, '12345', url, fields())).toBe(false);
    expect(validTwilioSignature('', '12345', url, fields())).toBe(false);
  });
});
