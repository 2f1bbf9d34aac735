"""What integration knows of the clinic: windows, prompts, journals, KAP appointments, action steps, tasks."""
