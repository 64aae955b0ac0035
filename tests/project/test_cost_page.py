"""The page of costs advises what its machine measured, and multiplies right."""

from cost import page

MEASURED = {
    "cpu": "Some CPU", "workers": 2, "torch": "2.13.0", "peak_memory_mib": 1500.0,
    "float32_seconds_per_run": 0.5, "bfloat16_seconds_per_run": 0.4,
}  # fmt: skip


def test_a_precision_is_advised_only_where_it_was_faster() -> None:
    faster = page(MEASURED, 5000.0)
    slower = page({**MEASURED, "bfloat16_seconds_per_run": 0.6}, 5000.0)
    assert "takes 0.80 of the time of float32 here" in faster
    assert "worth its label" in faster
    assert "takes 1.20 times as long as float32 here" in slower
    assert "worth its label" not in slower


def test_hours_and_disk_grow_with_patient_arms() -> None:
    rows = [line.split(" | ") for line in page(MEASURED, 5000.0).splitlines() if line[:3] == "| 1"]
    assert [row[0] for row in rows] == ["| 1,000", "| 100,000", "| 10,000,000"]
    # 0.5 s on two workers are one core-second a patient-arm
    assert [row[1] for row in rows] == ["0.28", "27.78", "2,777.78"]
    assert [row[2] for row in rows] == ["0.22", "22.22", "2,222.22"]
    assert [row[4] for row in rows] == ["4.8 MiB", "476.8 MiB", "46.6 GiB"]
    assert [row[3] for row in rows] == ["500 MiB"] * 3
