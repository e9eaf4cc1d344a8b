/** Orders, deals, fills and decisions of a bot. */
import type { Fill } from '@counterfoil/api';
import { Tabs } from '@base-ui/react/tabs';
import { useSay } from '../../app/messages.ts';
import { DealTable, DecisionList, FillTable, OrderTable } from './bot-tables.tsx';

const names = ['orders', 'deals', 'fills', 'log'] as const;

export function BotTabs({ bot, onFill }: { readonly bot: string; readonly onFill: (fill: Fill) => void }) {
  const say = useSay();
  return (
    <Tabs.Root defaultValue="orders" className="rounded-lg border border-line bg-panel p-4">
      <Tabs.List className="mb-3 flex flex-wrap gap-2">
        {names.map((name) => (
          <Tabs.Tab
            key={name}
            value={name}
            className="min-h-9 rounded-md border border-transparent px-3 text-muted data-active:border-line data-active:bg-raised data-active:text-ink"
          >
            {say(`bot.tab.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="orders">
        <OrderTable bot={bot} />
      </Tabs.Panel>
      <Tabs.Panel value="deals">
        <DealTable bot={bot} />
      </Tabs.Panel>
      <Tabs.Panel value="fills">
        <FillTable bot={bot} onFill={onFill} />
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <DecisionList bot={bot} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
