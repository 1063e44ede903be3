/** Messages that have not reached WeChat: why, what happens next, and one more try. For administrators also the login of the wechaty account. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { accountName, type Delivery, readDeliveries, readWechatyLogin, retryDelivery, type WechatyLogin } from '../state/deliveries.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { clock } from '../state/time.ts';
import type { DeskState } from '../state/types.ts';
import { Dialog } from './dialog.tsx';

/** A login code is renewed about as often. */
const lookAgainMs = 5000;

const stateName: Record<Delivery['state'], string> = {
  queued: '待发送',
  sending: '发送中',
  sent: '已送达',
  kept: '等市民来信',
  failed: '未送达',
};

export function Deliveries({ store, state, onClose }: { store: DeskStore; state: DeskState; onClose: () => void }) {
  const [list, setList] = useState<readonly Delivery[] | null>(null);
  const [login, setLogin] = useState<WechatyLogin | null>(null);
  const [problem, setProblem] = useState('');
  const admin = state.me?.role === 'admin';
  const read = useCallback(async () => {
    const [deliveries, wechaty] = await Promise.all([
      readDeliveries(store.client),
      admin ? readWechatyLogin(store.client) : Promise.resolve(undefined),
    ]);
    setProblem(deliveries.ok ? '' : deliveries.message);
    if (deliveries.ok) setList(deliveries.value);
    if (wechaty?.ok) setLogin(wechaty.value);
  }, [store, admin]);
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), lookAgainMs);
    return () => clearInterval(timer);
  }, [read]);
  const again = async (id: string) => {
    const answer = await retryDelivery(store.client, id);
    if (answer.ok) store.toast('info', '已重新发送');
    await read();
    if (!answer.ok) setProblem(answer.message);
  };

  return (
    <Dialog title="微信送达情况" confirm="刷新" cancel="关闭" busy={false} onConfirm={() => void read()} onCancel={onClose}>
      {login !== null && login.state !== 'off' && <Login login={login} />}
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {list?.length === 0 && <p class="list-empty">没有未送达的消息</p>}
      <ul class="deliveries" data-testid="deliveries">
        {(list ?? []).map((one) => (
          <li key={one.id} class={`delivery ${one.state}`}>
            <p class="card-line">
              <span class={`tag ${one.state === 'failed' ? 'urgent' : 'sub_urgent'}`}>{stateName[one.state]}</span>
              {accountName(one.account)} · {clock(one.updatedAt)}
            </p>
            <p>{one.text}</p>
            <p class="hint">
              {one.means}
              {one.code !== null && `（${one.code}）`}
              {one.means !== '' && '；'}
              {one.next}
            </p>
            {one.retry && (
              <button type="button" class="button" aria-label={`重发：${one.text}`} onClick={() => void again(one.id)}>
                重发
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const loginText: Record<WechatyLogin['state'], string> = {
  off: '没有启用',
  starting: '正在启动',
  scan: '请用微信扫码登录',
  online: '已登录',
  offline: '已退出，需要重新登录',
};

function Login({ login }: { login: WechatyLogin }) {
  return (
    <section class="wechaty-login" aria-label="wechaty 账号">
      <p>wechaty 账号：{loginText[login.state]}</p>
      {login.image !== null && <img src={login.image} width={220} height={220} alt="登录二维码，请用微信扫一扫" />}
      {login.image === null && login.qrcode !== null && <p class="hint">二维码内容：{login.qrcode}</p>}
    </section>
  );
}
