/** Starts the staff desk in the browser. */
import { render } from 'preact';
import '../../design/tokens.css';
import './styles/admin.css';
import './styles/base.css';
import './styles/lists.css';
import './styles/conversation.css';
import './styles/composer.css';
import './styles/deliveries.css';
import './styles/details.css';
import './styles/insights.css';
import './styles/knowledge.css';
import { DeskClient } from './state/client.ts';
import { DeskStore } from './state/desk-store.ts';
import { App } from './ui/app.tsx';

const store = new DeskStore(new DeskClient());
const root = document.getElementById('desk');
if (root === null) throw new Error('index.html has no #desk');
render(<App store={store} />, root);
void store.start();
