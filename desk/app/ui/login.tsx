/** Signing in. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';

interface Ways {
  readonly password: boolean;
  readonly singleSignOn: string | null;
}

export function Login({ store }: { store: DeskStore }) {
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [ways, setWays] = useState<Ways>({ password: true, singleSignOn: null });
  useEffect(() => {
    name.current?.focus();
    void store.client.get<Ways>('/login/ways').then((answer) => answer.ok && setWays(answer.value));
  }, [store]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const failed = await store.login(name.current?.value.trim() ?? '', password.current?.value ?? '');
    setBusy(false);
    setProblem(failed);
    if (failed !== undefined) password.current?.select();
  };

  return (
    <main class="login">
      <form class="login-card" onSubmit={(event) => void submit(event)} aria-labelledby="login-title">
        <div class="brand">
          <span class="brand-mark" aria-hidden="true">
            问
          </span>
          <div>
            <h1 id="login-title">问办 · 人工服务台</h1>
            <p>政务服务咨询接待</p>
          </div>
        </div>
        {ways.singleSignOn !== null && (
          <>
            <a class="button primary wide" href={ways.singleSignOn}>
              统一身份登录
            </a>
            <p>
              用的是公用电脑？离开前请<a href="/desk/api/oidc/logout">退出统一身份</a>。
            </p>
          </>
        )}
        {ways.password && (
          <>
            <label class="field">
              <span>用户名</span>
              <input ref={name} name="name" autocomplete="username" required maxLength={64} spellcheck={false} />
            </label>
            <label class="field">
              <span>密码</span>
              <input ref={password} name="password" type="password" autocomplete="current-password" required maxLength={256} />
            </label>
            <p class="form-problem" role="alert">
              {problem}
            </p>
            <button type="submit" class="button primary wide" disabled={busy}>
              {busy ? '正在登录…' : '登录'}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
