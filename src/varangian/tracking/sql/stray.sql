update tracking_lastposition set stray_lat = %s, stray_lon = %s, stray_at = %s, stray_count = %s
where device_id = %s
