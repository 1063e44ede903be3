import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Keeps a full-screen panel inside what the on-screen keyboard leaves visible (browsers do not shrink dvh for it). */
export function useVisibleHeight(panel: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!active || !viewport) return;
    const follow = (): void => {
      const style = panel.current?.style;
      style?.setProperty('--visible-height', `${viewport.height}px`);
      style?.setProperty('--visible-top', `${viewport.offsetTop}px`);
    };
    follow();
    viewport.addEventListener('resize', follow);
    viewport.addEventListener('scroll', follow);
    return () => {
      viewport.removeEventListener('resize', follow);
      viewport.removeEventListener('scroll', follow);
    };
  }, [active, panel]);
}
