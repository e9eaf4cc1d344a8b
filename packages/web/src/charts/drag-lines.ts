/** Dragging price lines on a chart: the nearest line within a finger's reach follows the pointer. */
import type { ISeriesApi } from 'lightweight-charts';

/** Half of the 24 pixels that a target must have. */
const REACH_PX = 12;

export interface DraggedLines {
  readonly lines: () => readonly { readonly id: string; readonly price: number }[];
  readonly onMove: (id: string, price: number) => void;
  readonly onDrop: (id: string, price: number) => void;
}

/** Returns what takes the listeners off again. */
export function dragLines(
  place: HTMLElement,
  series: ISeriesApi<'Candlestick'>,
  { lines, onMove, onDrop }: DraggedLines,
): () => void {
  let held: { readonly id: string; price: number } | null = null;
  const yOf = (event: PointerEvent): number => event.clientY - place.getBoundingClientRect().top;

  const near = (y: number): string | null => {
    let best: { readonly id: string; readonly distance: number } | null = null;
    for (const { id, price } of lines()) {
      const at = series.priceToCoordinate(price);
      const distance = at === null ? Infinity : Math.abs(at - y);
      if (distance <= REACH_PX && distance < (best?.distance ?? Infinity)) best = { id, distance };
    }
    return best?.id ?? null;
  };

  const down = (event: PointerEvent): void => {
    const id = near(yOf(event));
    const price = series.coordinateToPrice(yOf(event));
    if (id === null || price === null) return;
    held = { id, price };
    place.setPointerCapture(event.pointerId);
    // The chart would pan under the line.
    event.stopPropagation();
  };
  const move = (event: PointerEvent): void => {
    if (held === null) {
      place.style.cursor = near(yOf(event)) === null ? '' : 'ns-resize';
      return;
    }
    const price = series.coordinateToPrice(yOf(event));
    if (price === null || price <= 0) return;
    held.price = price;
    onMove(held.id, price);
    event.stopPropagation();
  };
  const up = (): void => {
    if (held !== null) onDrop(held.id, held.price);
    held = null;
  };

  place.addEventListener('pointerdown', down, { capture: true });
  place.addEventListener('pointermove', move, { capture: true });
  place.addEventListener('pointerup', up);
  return () => {
    place.removeEventListener('pointerdown', down, { capture: true });
    place.removeEventListener('pointermove', move, { capture: true });
    place.removeEventListener('pointerup', up);
  };
}
