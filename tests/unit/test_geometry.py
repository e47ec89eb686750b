import pytest

from app.core.geometry import PatchGeometry

MUSICNN = PatchGeometry(16000, 512, 256, 96, 187, 187)
VGGISH = PatchGeometry(16000, 400, 160, 64, 96, 96)
OVERLAPPING = PatchGeometry(16000, 512, 256, 96, 187, 93)


def test_a_segment_of_musicnn_lasts_187_frames_not_three_seconds():
    assert MUSICNN.segment_s == pytest.approx(2.992, abs=1e-12)
    assert MUSICNN.hop_s == pytest.approx(2.992, abs=1e-12)


def test_a_segment_of_vggish_lasts_96_frames():
    assert VGGISH.segment_s == pytest.approx(0.96, abs=1e-12)


def test_segments_follow_each_other_without_gap_and_without_drift():
    for segment in (0, 1, 200, 10_000):
        assert MUSICNN.bounds(segment)[1] == MUSICNN.bounds(segment + 1)[0]
    assert MUSICNN.bounds(200)[0] == pytest.approx(598.4, abs=1e-9)


def test_overlapping_segments_start_a_hop_apart():
    start_s, end_s = OVERLAPPING.bounds(2)
    assert start_s == pytest.approx(2 * 93 * 256 / 16000)
    assert end_s - start_s == pytest.approx(OVERLAPPING.segment_s)


@pytest.mark.parametrize(("n_samples", "n_frames"), [(0, 0), (1, 2), (255, 2), (256, 2), (257, 3), (512, 3)])
def test_a_track_of_n_samples_has_a_frame_more_than_hops(n_samples: int, n_frames: int):
    assert MUSICNN.n_frames(n_samples) == n_frames


@pytest.mark.parametrize("geometry", [MUSICNN, VGGISH, OVERLAPPING])
def test_a_last_patch_that_is_not_full_is_dropped(geometry: PatchGeometry):
    n = geometry.hop_samples * (geometry.frames_per_patch - 2) + 1
    assert geometry.n_frames(n) == geometry.frames_per_patch
    assert geometry.n_segments(n - 1) == 0
    assert geometry.n_segments(n) == 1
    one_more = n + geometry.hop_samples * geometry.patch_hop_frames
    assert geometry.n_segments(one_more - 1) == 1
    assert geometry.n_segments(one_more) == 2
