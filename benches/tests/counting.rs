//! The counting allocator counts what is asked of it.

use benches::counting::{Counting, measure};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test alone: the figures are of the whole process.
#[test]
fn what_is_asked_for_is_counted() {
    let (kept, usage) = measure(|| {
        drop(Vec::<u8>::with_capacity(100_000));
        Vec::<u8>::with_capacity(4_000)
    });
    assert_eq!((usage.allocations, usage.kept, usage.peak), (2, 4_000, 100_000));
    let ((), usage) = measure(|| drop(kept));
    assert_eq!((usage.allocations, usage.kept, usage.peak), (0, -4_000, 0));
    let (sum, usage) = measure(|| (0_u64..1_000).sum::<u64>());
    assert_eq!((sum, usage.allocations, usage.peak), (499_500, 0, 0));
}
